//! Tables with separators and tables of columns through the program.

use crate::support::{Dir, WITH_CHROME, WITHOUT_CHROME, check_account, hash_of};
use serde_json::{Value, json};

/// A text with what a field must be quoted for.
fn quoting() -> String {
    format!("She said: \"It runs, again; at last.\"\r\nA\ttab, too.\n\n{WITH_CHROME}")
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('"', "\"\""))
}

/// The rows of one input that failed.
fn failed(dir: &Dir, path: &str) -> Vec<Value> {
    dir.rows("out").into_iter().filter(|row| row["path"] == path && row["status"] == "failed").collect()
}

/// The row of a file that holds no text, and was copied.
fn check_copied(dir: &Dir, out: &str, path: &str) {
    assert!(dir.bytes(&format!("{out}/{path}")) == dir.bytes(&format!("in/{path}")), "{path}");
    let rows: Vec<_> = dir.rows(out).into_iter().filter(|row| row["path"] == path).collect();
    assert_eq!(
        (rows.len(), &rows[0]["status"], &rows[0]["reason"]),
        (1, &json!("unchanged"), &json!("no_text")),
        "{path}"
    );
}

/// A file that failed as a whole: it has no output, and quarantine has a copy.
fn check_aside(dir: &Dir, path: &str) {
    let rows = failed(dir, path);
    assert_eq!((rows.len(), &rows[0]["reason"]), (1, &json!("not_this_format")), "{path}: {rows:?}");
    assert!(!dir.path(&format!("out/{path}")).exists(), "{path} has an output");
    assert!(dir.bytes(&format!("out/quarantine/{path}")) == dir.bytes(&format!("in/{path}")), "{path}");
    let size = dir.bytes(&format!("in/{path}")).len();
    assert_eq!((&rows[0]["quarantine"]["offset"], &rows[0]["quarantine"]["bytes"]), (&json!(0), &json!(size)));
}

#[test]
fn only_the_text_column_changes() {
    let dir = Dir::new();
    let table = |text: &str, other: &str| {
        let rows = [
            "id,\"a \"\"title\"\"\",text,url\r\n".to_owned(),
            format!("1,\"ALSO READ: \"\"Keep\"\" Me\",{text},https://a.example/\n"),
            format!(" 2 ,  x  ,{other},\r\n"),
            "\r\n".to_owned(),
            "3,,short and bare,\"\"\n".to_owned(),
            format!("4,é,{text},\"last row\""),
        ];
        format!("\u{feff}{}", rows.concat())
    };
    let (text, kept) = (quoting(), dir.cleaned(&quoting()));
    let swap = |table: String, separator: &str| table.replace(',', separator);
    for (name, separator) in [("comma.csv", ","), ("semicolon.csv", ";"), ("bar.csv", "|"), ("tab.tsv", "\t")] {
        // Commas of texts must not be swapped: a sign stands for the texts until then.
        let of = |first: &str| {
            let table = swap(table("{TEXT}", "{OTHER}"), separator);
            table.replace("{TEXT}", &quoted(first)).replace("{OTHER}", &quoted(WITHOUT_CHROME))
        };
        dir.write(&format!("in/{name}"), of(&text));
        dir.write(&format!("expected/{name}"), of(&kept));
    }
    dir.clean("out", &[], 0);
    for name in ["comma.csv", "semicolon.csv", "bar.csv", "tab.tsv"] {
        assert_eq!(dir.read(&format!("out/{name}")), dir.read(&format!("expected/{name}")), "{name}");
        let rows: Vec<_> = dir.rows("out").into_iter().filter(|row| row["path"] == name).collect();
        assert_eq!(rows.len(), 4, "{name}");
        check_account(&rows[0], &text, &kept);
        check_account(&rows[1], WITHOUT_CHROME, WITHOUT_CHROME);
        assert_eq!((&rows[0]["url"], &rows[0]["id"]), (&json!("https://a.example/"), &json!("1")));
        assert_eq!(rows[0]["site"], "a.example");
    }
    // Another reader reads the same fields.
    let mut reader = csv::Reader::from_path(dir.path("out/comma.csv")).unwrap();
    let texts: Vec<String> = reader.records().map(|row| row.unwrap()[2].to_owned()).collect();
    assert_eq!(texts, [&kept, WITHOUT_CHROME, "short and bare", &kept]);
}

#[test]
fn rows_are_counted_and_hashed_as_they_stand() {
    let dir = Dir::new();
    let rows = [format!("1,{}\r\n", quoted(WITH_CHROME)), "\n".to_owned(), format!("2,{}\n", quoted(&quoting()))];
    dir.write("in/a.csv", format!("id,text\n{}", rows.concat()));
    dir.clean("out", &[], 0);
    let found = dir.rows("out");
    assert_eq!(found.len(), 2);
    for (row, of) in found.iter().zip([&rows[0], &rows[2]]) {
        assert_eq!((&row["bytes_in"], &row["hash_in"]), (&json!(of.len()), &json!(hash_of(of.as_bytes()))));
    }
    assert_eq!((&found[0]["record"], &found[0]["id"], &found[1]["id"]), (&json!(1), &json!("1"), &json!("2")));
    assert!(found[1]["record"].as_u64() > Some(1));
}

#[test]
fn columns_can_be_named() {
    let dir = Dir::new();
    let of =
        |text: &str| format!("text,page,Story,key\nALSO READ: Keep Me,https://b.example.org/,{},k-1\n", quoted(text));
    dir.write("in/a.csv", of(WITH_CHROME));
    dir.clean("out", &["--text-field", "Story", "--url-field", "page", "--id-field", "key"], 0);
    assert_eq!(dir.read("out/a.csv"), of(&dir.cleaned(WITH_CHROME)));
    let row = dir.row("out", "a.csv");
    assert_eq!((&row["site"], &row["id"]), (&json!("example.org"), &json!("k-1")));
}

#[test]
fn rows_that_are_none_go_to_quarantine() {
    let dir = Dir::new();
    let good = |text: &str| format!("1,{},x\n", quoted(text));
    let bad = ["2,too few\n", "3,a,b,c,too many\r\n", "4,\"closed\" and more,x\n", "5,\"never closed,x\n6,a,b\n"];
    let table = |text: &str, bad: [&str; 4]| {
        let [few, many, behind, open] = bad;
        let (one, other) = (good(text), good(WITHOUT_CHROME));
        format!("id,text,z\n{few}{one}{many}{other}{behind}{one}{open}")
    };
    dir.write("in/a.csv", table(WITH_CHROME, bad));
    dir.clean("out", &[], 3);
    assert_eq!(dir.read("out/a.csv"), table(&dir.cleaned(WITH_CHROME), [""; 4]));
    assert_eq!(dir.read("out/quarantine/a.csv"), bad.concat());
    let rows = failed(&dir, "a.csv");
    assert_eq!(rows.len(), 4);
    let input = dir.read("in/a.csv");
    for (row, bad) in rows.iter().zip(bad) {
        assert_eq!((&row["reason"], &row["bytes_in"]), (&json!("not_a_row"), &json!(bad.len())), "{row}");
        assert_eq!(row["quarantine"]["offset"], input.find(bad).unwrap(), "{row}");
    }
    // A stream has no place for them beside it.
    let (status, stdout, _) = dir.pipe(&["clean", "--format", "csv"], input.as_bytes());
    let expected = table(&dir.cleaned(WITH_CHROME), bad);
    assert_eq!((status, String::from_utf8(stdout).unwrap()), (3, expected));
}

#[test]
fn a_table_without_a_text_is_copied_unless_its_column_was_named() {
    let dir = Dir::new();
    dir.write("in/a.csv", "id,notes\n1,\"ALSO READ: Some Other Headline Here\"\nbad row\n2,\"x");
    dir.write("in/b.tsv", "\u{feff}a\tb\r\n1\t2\r\n");
    dir.clean("guessed", &[], 0);
    check_copied(&dir, "guessed", "a.csv");
    check_copied(&dir, "guessed", "b.tsv");
    dir.clean("out", &["--text-field", "story"], 3);
    check_aside(&dir, "a.csv");
    check_aside(&dir, "b.tsv");
    assert!(failed(&dir, "a.csv")[0]["warnings"][0].as_str().unwrap().contains("notes"));
}

#[test]
fn a_large_record_may_hold_line_breaks() {
    let dir = Dir::new();
    let field = "A line of prose in a large field, with a comma.\n".repeat(30_000);
    let table = |last: &str| format!("id,text\n1,\"short, quoted\"\n2,\"{field}\"\n3,\"{last}\"\n");
    dir.write("in/a.csv", table(WITH_CHROME));
    dir.clean("out", &["--max-record", "1k"], 0);
    assert!(dir.read("out/a.csv") == table(&dir.cleaned(WITH_CHROME)));
    assert_eq!(dir.rows("out").len(), 3);
}

#[test]
fn threads_change_nothing_over_several_batches() {
    let dir = Dir::new();
    let pad = quoted(&"0123456789, \"abc\"\n".repeat(300));
    let row = |number: usize| {
        let text = if number.is_multiple_of(50) { quoted(WITH_CHROME) } else { "The ferry was late.".to_owned() };
        format!("{number},{pad},{text}\r\n")
    };
    let table: String = std::iter::once("id,pad,text\r\n".to_owned()).chain((0..600).map(row)).collect();
    assert!(table.len() > 3 << 20);
    dir.write("in/a.csv", &table);
    dir.clean("one", &["-j1"], 0);
    dir.clean("four", &["-j4"], 0);
    assert!(dir.bytes("one/a.csv") == dir.bytes("four/a.csv"));
    assert!(dir.bytes("one/report.jsonl") == dir.bytes("four/report.jsonl"));
    assert!(dir.read("one/a.csv") == table.replace(WITH_CHROME, &dir.cleaned(WITH_CHROME)));
    assert_eq!(dir.rows("one").len(), 600);
    let ids: Vec<_> = dir.rows("one").iter().map(|row| row["id"].as_str().unwrap().to_owned()).collect();
    assert_eq!(ids, (0..600).map(|id: usize| id.to_string()).collect::<Vec<_>>());
}

#[cfg(feature = "parquet")]
mod columns {
    use std::fs::File;
    use std::path::Path;
    use std::sync::Arc;

    use crate::support::outcome;
    use parquet::basic::{Compression, ZstdLevel};
    use parquet::data_type::{ByteArray, ByteArrayType, DoubleType, Int64Type};
    use parquet::file::properties::WriterProperties;
    use parquet::file::reader::{FileReader, SerializedFileReader};
    use parquet::file::writer::SerializedFileWriter;
    use parquet::record::RowAccessor;
    use parquet::schema::parser::parse_message_type;

    use super::*;

    type Texts = Vec<Option<String>>;
    type Cells = (i64, Option<String>, String, f64);

    /// A file of one row group for each list of texts.
    fn write(path: &Path, name: &str, groups: &[Texts], compression: Compression) {
        let schema = format!(
            "message m {{ required int64 id; optional binary {name} (STRING); required binary url (STRING); \
             required double score; }}"
        );
        let schema = Arc::new(parse_message_type(&schema).unwrap());
        let settings = WriterProperties::builder().set_compression(compression).set_created_by("tests".to_owned());
        let file = File::create(path).unwrap();
        let mut writer = SerializedFileWriter::new(file, schema, Arc::new(settings.build())).unwrap();
        let mut id = 0;
        for texts in groups {
            let mut group = writer.next_row_group().unwrap();
            let ids: Vec<i64> = (id..).take(texts.len()).collect();
            id += texts.len() as i64;
            let mut column = group.next_column().unwrap().unwrap();
            column.typed::<Int64Type>().write_batch(&ids, None, None).unwrap();
            column.close().unwrap();
            let mut column = group.next_column().unwrap().unwrap();
            let values: Vec<ByteArray> = texts.iter().flatten().map(|text| text.as_str().into()).collect();
            let levels: Vec<i16> = texts.iter().map(|text| i16::from(text.is_some())).collect();
            column.typed::<ByteArrayType>().write_batch(&values, Some(&levels), None).unwrap();
            column.close().unwrap();
            let mut column = group.next_column().unwrap().unwrap();
            let urls: Vec<ByteArray> =
                ids.iter().map(|id| format!("https://p{}.example/{id}", id % 3).as_str().into()).collect();
            column.typed::<ByteArrayType>().write_batch(&urls, None, None).unwrap();
            column.close().unwrap();
            let mut column = group.next_column().unwrap().unwrap();
            let scores: Vec<f64> = ids.iter().map(|id| *id as f64 / 7.0).collect();
            column.typed::<DoubleType>().write_batch(&scores, None, None).unwrap();
            column.close().unwrap();
            group.close().unwrap();
        }
        writer.close().unwrap();
    }

    fn open(path: &Path) -> SerializedFileReader<File> {
        SerializedFileReader::new(File::open(path).unwrap()).unwrap()
    }

    fn cells(path: &Path) -> Vec<Cells> {
        let rows = open(path).get_row_iter(None).unwrap().map(|row| row.unwrap()).collect::<Vec<_>>();
        let text = |row: &parquet::record::Row| row.get_string(1).ok().cloned();
        rows.iter()
            .map(|row| {
                (row.get_long(0).unwrap(), text(row), row.get_string(2).unwrap().clone(), row.get_double(3).unwrap())
            })
            .collect()
    }

    fn groups() -> Vec<Texts> {
        let text = |number: usize| match number % 5 {
            0 => Some(WITH_CHROME.to_owned()),
            1 => None,
            2 => Some(String::new()),
            3 => Some(quoting()),
            _ => Some(WITHOUT_CHROME.to_owned()),
        };
        [7, 1, 30].map(|count| (0..count).map(text).collect()).to_vec()
    }

    #[test]
    fn the_text_column_is_cleaned_and_the_others_stay() {
        let dir = Dir::new();
        dir.write("in/readme.txt", WITHOUT_CHROME);
        let kinds = [Compression::UNCOMPRESSED, Compression::SNAPPY, Compression::ZSTD(ZstdLevel::default())];
        for (number, kind) in kinds.into_iter().enumerate() {
            write(&dir.path(&format!("in/{number}.parquet")), "text", &groups(), kind);
        }
        dir.clean("out", &[], 0);
        let texts: Texts = groups().concat();
        let kept: Texts = texts.iter().map(|text| text.as_deref().map(|text| dir.cleaned(text))).collect();
        assert!(kept != texts);
        for number in 0..kinds.len() {
            let name = format!("{number}.parquet");
            let (old, new) = (dir.path(&format!("in/{name}")), dir.path(&format!("out/{name}")));
            let expected: Vec<Cells> = cells(&old)
                .into_iter()
                .zip(&kept)
                .map(|((id, _, url, score), text)| (id, text.clone(), url, score))
                .collect();
            assert!(cells(&new) == expected, "{name}");
            let (old, new) = (open(&old), open(&new));
            assert_eq!(old.metadata().file_metadata(), new.metadata().file_metadata());
            assert_eq!(new.num_row_groups(), 3);
            for (old, new) in old.metadata().row_groups().iter().zip(new.metadata().row_groups()) {
                assert_eq!(old.num_rows(), new.num_rows());
                assert!(
                    new.columns().iter().zip(old.columns()).all(|(new, old)| new.compression() == old.compression())
                );
            }
            let rows: Vec<_> = dir.rows("out").into_iter().filter(|row| row["path"] == name).collect();
            assert_eq!(rows.len(), texts.len());
            for ((at, row), (text, kept)) in rows.iter().enumerate().zip(texts.iter().zip(&kept)) {
                assert_eq!((&row["record"], &row["id"]), (&json!(at + 1), &json!(at.to_string())));
                match (text, kept) {
                    (Some(text), Some(kept)) => check_account(row, text, kept),
                    _ => assert_eq!((&row["status"], &row["reason"]), (&json!("unchanged"), &json!("no_text"))),
                }
                assert_eq!(row["url"], format!("https://p{}.example/{at}", at % 3));
            }
        }
    }

    #[test]
    fn files_without_chrome_come_out_with_the_same_cells() {
        let dir = Dir::new();
        dir.write("in/readme.txt", WITHOUT_CHROME);
        let texts = vec![vec![Some(WITHOUT_CHROME.to_owned()); 20], vec![None; 3]];
        write(&dir.path("in/a.parquet"), "body", &texts, Compression::SNAPPY);
        write(&dir.path("in/empty.parquet"), "body", &[], Compression::SNAPPY);
        dir.clean("out", &[], 0);
        assert!(cells(&dir.path("out/a.parquet")) == cells(&dir.path("in/a.parquet")));
        assert_eq!(open(&dir.path("out/empty.parquet")).metadata().file_metadata().num_rows(), 0);
        assert_eq!(dir.row("out", "empty.parquet")["reason"], "empty");
    }

    #[test]
    fn without_a_text_column_a_file_is_copied_unless_the_column_was_named() {
        let dir = Dir::new();
        dir.write("in/readme.txt", WITHOUT_CHROME);
        write(&dir.path("in/a.parquet"), "story", &groups(), Compression::SNAPPY);
        dir.clean("guessed", &[], 0);
        check_copied(&dir, "guessed", "a.parquet");
        dir.clean("named", &["--text-field", "story"], 0);
        assert_eq!(cells(&dir.path("named/a.parquet"))[0].1.as_deref(), Some(&*dir.cleaned(WITH_CHROME)));
        dir.clean("out", &["--text-field", "nothing"], 3);
        check_aside(&dir, "a.parquet");
        std::fs::remove_dir_all(dir.path("out")).unwrap();
        dir.clean("out", &["--text-field", "id"], 3);
        check_aside(&dir, "a.parquet");
    }

    #[test]
    fn a_broken_file_is_put_aside_and_others_are_cleaned() {
        let dir = Dir::new();
        dir.write("in/prose.parquet", WITH_CHROME);
        dir.write("in/z.txt", WITH_CHROME);
        write(&dir.path("in/good.parquet"), "text", &groups(), Compression::SNAPPY);
        let good = dir.bytes("in/good.parquet");
        dir.write("in/cut.parquet", &good[..good.len() - 30]);
        dir.write("in/magic.parquet", "PAR1");
        let mut page = good.clone();
        let (start, length) = open(&dir.path("in/good.parquet")).metadata().row_group(2).column(1).byte_range();
        let middle = usize::try_from(start + length / 2).unwrap();
        page[middle..middle + 60].fill(0xff);
        dir.write("in/page.parquet", page);
        let mut footer = good.clone();
        let at = footer.len() - 8;
        footer[at..at + 4].fill(0x7f);
        dir.write("in/footer.parquet", footer);
        dir.clean("out", &[], 3);
        for name in ["prose.parquet", "cut.parquet", "magic.parquet", "page.parquet", "footer.parquet"] {
            let rows = failed(&dir, name);
            assert_eq!(rows.len(), 1, "{name}: {rows:?}");
            assert!(!dir.path(&format!("out/{name}")).exists(), "{name} has an output");
            assert!(dir.bytes(&format!("out/quarantine/{name}")) == dir.bytes(&format!("in/{name}")), "{name}");
        }
        assert_eq!(dir.read("out/z.txt"), dir.cleaned(WITH_CHROME));
        assert_eq!(cells(&dir.path("out/good.parquet")).len(), 38);
        assert_eq!(dir.tree("out/quarantine").len(), 5);
    }

    #[test]
    fn columns_come_back_with_the_same_cells() {
        let dir = Dir::new();
        dir.write("in/readme.txt", WITHOUT_CHROME);
        write(&dir.path("in/a.parquet"), "text", &groups(), Compression::SNAPPY);
        let good = dir.bytes("in/a.parquet");
        let mut page = good.clone();
        let (start, length) = open(&dir.path("in/a.parquet")).metadata().row_group(2).column(1).byte_range();
        let middle = usize::try_from(start + length / 2).unwrap();
        page[middle..middle + 60].fill(0xff);
        dir.write("in/broken.parquet", page);
        dir.write("in/cut.parquet", &good[..good.len() - 30]);
        write(&dir.path("in/copied.parquet"), "story", &groups(), Compression::SNAPPY);
        dir.clean("out", &[], 3);
        let (status, _, stderr) = dir.run(&["restore", "out", "--out", "back"]);
        assert_eq!(status, 0, "{stderr}");
        assert!(cells(&dir.path("back/a.parquet")) == cells(&dir.path("in/a.parquet")));
        for name in ["broken.parquet", "cut.parquet", "copied.parquet"] {
            assert!(dir.bytes(&format!("back/{name}")) == dir.bytes(&format!("in/{name}")), "{name}");
        }
        let mut changed = dir.bytes("out/a.parquet");
        changed[good.len() / 3] ^= 1;
        dir.write("out/a.parquet", changed);
        let (status, _, stderr) = dir.run(&["restore", "out", "--verify"]);
        assert!(status == 3 && stderr.contains("refused: `a.parquet`"), "{stderr}");
    }

    #[test]
    fn a_stream_of_columns_is_refused() {
        let dir = Dir::new();
        dir.write("in/readme.txt", WITHOUT_CHROME);
        write(&dir.path("in/a.parquet"), "text", &groups(), Compression::SNAPPY);
        let (status, stdout, stderr) = dir.pipe(&["clean"], &dir.bytes("in/a.parquet"));
        assert!(status != 0 && stderr.contains("Parquet"), "{status}: {stderr}");
        assert!(stdout.is_empty() || stdout == dir.bytes("in/a.parquet"));
        // A file can be read from both ends, wherever its output goes.
        let (status, _, stderr) = outcome(&mut dir.dechrome(&["clean", "in/a.parquet", "--out", "out"]));
        assert_eq!((status, dir.rows("out").len()), (0, 38), "{stderr}");
    }

    #[test]
    fn threads_change_nothing() {
        let dir = Dir::new();
        dir.write("in/readme.txt", WITHOUT_CHROME);
        let text =
            |number: usize| Some(if number.is_multiple_of(97) { WITH_CHROME.into() } else { format!("Day {number}.") });
        let texts: Vec<Texts> = (0..3).map(|_| (0..2500).map(text).collect()).collect();
        write(&dir.path("in/a.parquet"), "text", &texts, Compression::SNAPPY);
        dir.clean("one", &["-j1"], 0);
        dir.clean("four", &["-j4"], 0);
        assert!(dir.bytes("one/a.parquet") == dir.bytes("four/a.parquet"));
        assert!(dir.bytes("one/report.jsonl") == dir.bytes("four/report.jsonl"));
        assert_eq!(cells(&dir.path("one/a.parquet"))[97].1.as_deref(), Some(&*dir.cleaned(WITH_CHROME)));
    }
}
