//! From flags to a cleaner.

use dechrome::formats::compression::Codec;
use dechrome::formats::json::FieldPath;
use dechrome::formats::{FieldNames, Format, Names};
use dechrome::pipeline::{Compress, HtmlText, Tags};
use dechrome::report::RemovedDetail;
use dechrome::rules::Loader;
use dechrome::text::decode::Charset;
use dechrome::{Cleaner, Preset, RuleSet, Title};

use crate::args::{
    CompressName, FormatFlags, FormatName, HtmlTextName, PresetName, RemovedName, RuleFlags, TagsName, TargetFlags,
    TitleWish,
};
use crate::exit::usage;

/// The rules that the flags name, with their reasons, examples and cases.
pub(crate) fn rule_set(flags: &RuleFlags) -> anyhow::Result<RuleSet> {
    load(flags, RuleSet::loader().with_examples())
}

/// The rules that the flags name, without what cleaning does not need.
pub(crate) fn lean_rule_set(flags: &RuleFlags) -> anyhow::Result<RuleSet> {
    load(flags, RuleSet::loader())
}

fn load(flags: &RuleFlags, mut loader: Loader) -> anyhow::Result<RuleSet> {
    if flags.no_default_rules {
        loader = loader.without_defaults();
    }
    let loader = flags.paths.iter().fold(loader, |loader, path| loader.path(path));
    loader.load().map_err(|errors| usage(format!("the rules have mistakes:\n{errors}")))
}

/// The cleaner that the flags ask for.
pub(crate) fn cleaner(rules: &RuleFlags, targets: &TargetFlags) -> anyhow::Result<Cleaner> {
    let builder = Cleaner::builder().rules(load(rules, RuleSet::loader())?);
    let builder = builder.preset(preset(targets.preset));
    let builder = targets.title.iter().fold(builder, |builder, it| match it {
        TitleWish::Keep => builder.title(Title::Keep),
        TitleWish::Drop => builder.title(Title::Drop),
    });
    let builder = targets.lang.iter().fold(builder, |builder, it| builder.lang(it));
    let builder = targets.keep.iter().fold(builder, |builder, it| builder.keep(it));
    let builder = targets.drop.iter().fold(builder, |builder, it| builder.drop(it));
    builder.build().map_err(|error| usage(error.to_string()))
}

fn preset(name: PresetName) -> Preset {
    match name {
        PresetName::Precision => Preset::Precision,
        PresetName::Balanced => Preset::Balanced,
        PresetName::Recall => Preset::Recall,
    }
}

/// The encoding that a label names.
pub(crate) fn charset(label: Option<&str>) -> anyhow::Result<Option<Charset>> {
    let unknown = |label| usage(format!("unknown encoding `{label}` in --encoding"));
    label.map(|label| Charset::for_label(label).ok_or_else(|| unknown(label))).transpose()
}

/// The format that the flags name.
pub(crate) fn format(flags: &FormatFlags) -> Option<Format> {
    Some(match flags.format {
        FormatName::Auto => return None,
        FormatName::Text => Format::Text,
        FormatName::Html => Format::Html,
        FormatName::Jsonl => Format::Jsonl,
        FormatName::Csv => Format::Csv,
        FormatName::Tsv => Format::Tsv,
        FormatName::Warc => Format::Warc,
        FormatName::Parquet => Format::Parquet,
    })
}

/// What the flags say is taken of pages.
pub(crate) fn html_text(flags: &FormatFlags) -> HtmlText {
    match flags.html_text {
        HtmlTextName::Article => HtmlText::Article,
        HtmlTextName::Full => HtmlText::Full,
    }
}

/// The fields that the flags name.
pub(crate) fn fields(flags: &FormatFlags) -> anyhow::Result<FieldNames> {
    fields_or(flags, FieldNames::default())
}

/// The fields that the flags name, or else these.
pub(crate) fn fields_or(flags: &FormatFlags, mut fields: FieldNames) -> anyhow::Result<FieldNames> {
    let given = [
        ("--text-field", &flags.text_field, &mut fields.text),
        ("--url-field", &flags.url_field, &mut fields.url),
        ("--title-field", &flags.title_field, &mut fields.title),
        ("--id-field", &flags.id_field, &mut fields.id),
    ];
    for (flag, given, names) in given {
        if let Some(name) = given {
            FieldPath::parse(name).map_err(|error| usage(format!("{flag} `{name}`: {error}")))?;
            *names = Names::given(name.clone());
        }
    }
    Ok(fields)
}

/// How much the flags say that rows tell of removals.
pub(crate) fn removed(name: RemovedName) -> RemovedDetail {
    match name {
        RemovedName::Text => RemovedDetail::Text,
        RemovedName::Spans => RemovedDetail::Spans,
        RemovedName::None => RemovedDetail::None,
    }
}

/// How the flags say that texts are marked.
pub(crate) fn tags(name: Option<TagsName>) -> Option<Tags> {
    name.map(|TagsName::Dolma| Tags::Dolma)
}

/// How the flags say that outputs are compressed.
pub(crate) fn compress(name: Option<CompressName>) -> Compress {
    match name {
        None => Compress::AsInput,
        Some(CompressName::None) => Compress::No,
        Some(CompressName::Gzip) => Compress::With(Codec::Gzip),
        Some(CompressName::Zstd) => Compress::With(Codec::Zstd),
        Some(CompressName::Bzip2) => Compress::With(Codec::Bzip2),
        Some(CompressName::Xz) => Compress::With(Codec::Xz),
        Some(CompressName::Lz4) => Compress::With(Codec::Lz4),
    }
}
