//! What stands below the options in the help of each command: command lines that work, and the exit statuses.

pub(super) const DECHROME: &str = "\
Examples:
  dechrome clean articles --out cleaned    # a tree in, the same tree out, with a report
  dechrome clean < article.txt > body.txt  # a filter
  dechrome explain article.txt             # what would go, line by line, and why
  dechrome help rules check                # the help of a command

Options that are always the same can stand in a file dechrome.toml: `dechrome config --example` prints one.

Exit status:
  0  done
  1  `clean --check` found chrome, `rules test` failed, or `why` found nothing
  2  bad usage, configuration or rules, and nothing was written
  3  finished, but some inputs failed, each named in the report, or `restore` refused
  4  stopped early";

pub(super) const CLEAN: &str = "\
Examples:
  dechrome clean articles --out cleaned
  dechrome clean dump.jsonl.zst --out cleaned --text-field meta.text --drop byline
  dechrome clean articles --out cleaned --resume  # go on with a run that was stopped
  curl -s https://example.org/ | dechrome clean --format html --preset recall
  dechrome clean articles --dry-run               # what would happen
  dechrome clean articles --check                 # for hooks and CI

Exit status:
  0  done; with --check, there is no chrome
  1  --check found chrome
  2  bad usage, configuration or rules, and nothing was written
  3  finished, but some inputs failed, or changed while they were read, each named in the summary
  4  stopped early, and --resume goes on";

pub(super) const EXPLAIN: &str = "\
Examples:
  dechrome explain article.txt
  dechrome explain dump.jsonl --record 17 --preset recall
  dechrome explain page.html --json | jq .lines

Exit status:
  0  done
  2  bad usage, configuration or rules
  3  the document could not be read";

pub(super) const DIFF: &str = "\
Examples:
  dechrome diff articles --rules my-rules.toml
  dechrome diff articles --rules my-rules.toml --documents | less
  dechrome diff articles --base old-rules --rules new-rules --no-default-rules --json

Exit status:
  0  done
  2  bad usage, configuration or rules
  3  finished, but some inputs failed
  4  stopped early";

pub(super) const REPORT: &str = "\
Examples:
  dechrome report cleaned                      # tables for the terminal
  dechrome report cleaned --csv > totals.csv
  dechrome report cleaned --out review.html    # a page to review the run in
  dechrome report --schema > row.schema.json

Exit status:
  0  done
  2  bad usage or configuration, or a report that cannot be read
  4  stopped early";

pub(super) const MERGE: &str = "\
Examples:
  dechrome report merge part1 part2 part3 --out joined

Exit status:
  0  done
  2  bad usage or configuration, or a report that cannot be read
  4  stopped early";

pub(super) const RESTORE: &str = "\
Examples:
  dechrome restore cleaned --out before
  dechrome restore cleaned --verify

Exit status:
  0  done
  2  bad usage or configuration, and nothing was written
  3  some files were refused, each named; all others are restored
  4  stopped early";

pub(super) const WHY: &str = "\
Examples:
  dechrome why \"follow our whatsapp\" cleaned
  dechrome why \"the mayor said\" cleaned --kept --limit 0

Exit status:
  0  it was found
  1  it was not
  2  bad usage or configuration, or a report that cannot be read";

pub(super) const RULES: &str = "\
Examples:
  dechrome rules list | grep newsletter
  dechrome rules show leave-a-reply
  dechrome rules check my-rules.toml
  dechrome rules stats cleaned

Exit status:
  0  done
  1  `rules test` failed
  2  bad usage, configuration or rules";

pub(super) const LIST: &str = "\
Examples:
  dechrome rules list
  dechrome rules list --rules my-rules.toml --no-default-rules
  dechrome rules list --json | jq -r '.[].id'

Exit status:
  0  done
  2  bad usage, configuration or rules";

pub(super) const SHOW: &str = "\
Examples:
  dechrome rules show leave-a-reply
  dechrome rules show my-rule --rules my-rules.toml --json

Exit status:
  0  done
  2  bad usage, configuration or rules, or no rule of this name";

pub(super) const INDEX: &str = "\
Examples:
  dechrome rules index > INDEX.md
  dechrome rules index --rules my-rules.toml --no-default-rules

Exit status:
  0  done
  2  bad usage, configuration or rules";

pub(super) const STATS: &str = "\
Examples:
  dechrome rules stats cleaned
  dechrome rules stats cleaned --samples 5 | less
  dechrome rules stats part1 part2 --unused

Exit status:
  0  done
  2  bad usage, configuration or rules, or a report that cannot be read";

pub(super) const CHECK: &str = "\
Examples:
  dechrome rules check my-rules.toml
  dechrome rules check my-rules -v
  dechrome rules check my-rules.toml --no-default-rules

Exit status:
  0  no mistakes
  2  the rules have mistakes, or bad usage";

pub(super) const TEST: &str = "\
Examples:
  dechrome rules test my-rules.toml
  dechrome rules test  # the built-in rules

Exit status:
  0  all passed
  1  some failed
  2  the rules have mistakes, or bad usage";

pub(super) const CONFIG: &str = "\
Examples:
  dechrome config --example > dechrome.toml
  dechrome config
  dechrome config --config news.toml  # whether a file has mistakes, and what it comes to

Exit status:
  0  done
  2  bad usage, or the file has mistakes, each named with its line";

pub(super) const COMPLETIONS: &str = "\
Examples:
  dechrome completions bash > ~/.local/share/bash-completion/completions/dechrome
  dechrome completions fish > ~/.config/fish/completions/dechrome.fish
  dechrome completions zsh > ~/.zfunc/_dechrome  # in a directory of $fpath

Exit status:
  0  done
  2  bad usage";

pub(super) const MAN: &str = "\
Examples:
  dechrome man | man -l -
  dechrome man --out ~/.local/share/man/man1

Exit status:
  0  done
  2  bad usage
  4  a page could not be written";
