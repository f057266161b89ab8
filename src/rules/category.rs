//! Categories of chrome, and whether they are kept unless asked for.

use std::sync::Arc;

use super::error::Mistakes;
use super::file::check_format;
use super::preset::Preset;
use super::reader::{Fields, Source, kind};

/// A kind of chrome.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Category {
    /// Its name in kebab case.
    pub name: Arc<str>,
    /// What belongs to it, in a sentence.
    pub about: String,
    /// The presets under which it stays unless `--drop` asks for it, since many who build a corpus want it.
    pub keep: Vec<Preset>,
    /// How much a line of it tells that the article is over, from 0 to 100.
    pub end: i32,
    /// Whether its lines stand among the entries of menus.
    pub menu: bool,
}

impl Category {
    /// Whether it stays under a preset unless `--drop` asks for it.
    pub fn is_kept(&self, preset: Preset) -> bool {
        self.keep.contains(&preset)
    }
}

/// Reads a categories file; a category that is named again takes the new entry.
pub(super) fn read(source: &Source<'_>, categories: &mut Vec<Category>, errors: &mut Mistakes) {
    let Some(table) = source.parse(errors) else { return };
    let mut head = Fields::new(source, table.get_ref(), 1, errors);
    check_format(&mut head);
    let list = head.value("category");
    head.finish();
    let Some((value, line)) = list else { return };
    let Some(items) = value.as_array() else {
        return errors.push(source.error(
            line,
            None,
            format!("`category` is {}", kind(value)),
            "write `[[category]]` tables",
        ));
    };
    for item in items.iter() {
        let line = source.line(item.span().start);
        if errors.is_full() {
            break;
        }
        let Some(table) = item.get_ref().as_table() else {
            let what = format!("a `category` is {}", kind(item.get_ref()));
            errors.push(source.error(line, None, what, "write `[[category]]` above each"));
            continue;
        };
        let mut fields = Fields::new(source, table, line, errors);
        let (name, about, keep) = (fields.string("name"), fields.string("about"), keep(&mut fields));
        let (end, menu) = (end(&mut fields), fields.boolean("menu"));
        if name.is_none() || about.is_none() {
            fields.error_here("a category needs a name and an `about`", "add what is missing");
        }
        fields.finish();
        if let (Some((name, _)), Some((about, _))) = (name, about) {
            categories.retain(|category| *category.name != *name);
            categories.push(Category { name: name.into(), about, keep, end, menu });
        }
    }
    categories.sort_by(|a, b| a.name.cmp(&b.name));
}

/// `keep = true` for every preset, or the names of those that keep it.
fn keep(fields: &mut Fields<'_, '_, '_>) -> Vec<Preset> {
    let names = match fields.value("keep") {
        None => return Vec::new(),
        Some((value, _)) if value.as_bool().is_some() => {
            return if value.as_bool() == Some(true) { Preset::ALL.to_vec() } else { Vec::new() };
        }
        Some(_) => fields.strings("keep"),
    };
    let mut presets = Vec::with_capacity(names.len());
    for (name, line) in names {
        match Preset::of_name(&name) {
            Some(preset) => presets.push(preset),
            None => fields.error(
                line,
                format!("`keep` names the preset \"{name}\""),
                "write true, false, or some of precision, balanced, recall",
            ),
        }
    }
    presets
}

/// `end = 60`.
fn end(fields: &mut Fields<'_, '_, '_>) -> i32 {
    let Some((value, line)) = fields.integer("end") else { return 0 };
    let end = i32::try_from(value).ok().filter(|end| (0..=100).contains(end));
    if end.is_none() {
        fields.error(line, format!("`end` is {value}"), "write a number from 0 to 100");
    }
    end.unwrap_or_default()
}
