//! Tables of what characters are.

use std::collections::HashMap;
use std::fmt::Write as _;

use crate::text::chars::unicode;

/// The tables of the Basic Multilingual Plane as code.
pub(crate) fn code() -> String {
    table("CLASS", &class) + &table("FOLD", &fold)
}

fn class(code: u32) -> u16 {
    char::from_u32(code).map_or(0, unicode::class)
}

/// The one character of the Basic Multilingual Plane that a character folds to, or 0xffff.
fn fold(code: u32) -> u16 {
    let Some(c) = char::from_u32(code) else { return 0xffff };
    let mut folded = Vec::new();
    unicode::fold(&c.to_string(), &mut |c| folded.push(c));
    match folded[..] {
        [one] => u16::try_from(u32::from(one)).unwrap_or(0xffff),
        _ => 0xffff,
    }
}

/// A table over the Basic Multilingual Plane in two stages, equal blocks of 256 stored once.
fn table(name: &str, value: &dyn Fn(u32) -> u16) -> String {
    let mut blocks: Vec<Vec<u16>> = Vec::new();
    let mut known: HashMap<Vec<u16>, usize> = HashMap::new();
    let mut index = Vec::new();
    for start in (0..0x1_0000_u32).step_by(256) {
        let block: Vec<u16> = (start..start + 256).map(value).collect();
        let number = *known.entry(block.clone()).or_insert_with(|| {
            blocks.push(block);
            blocks.len() - 1
        });
        index.push(number);
    }
    let mut code = String::new();
    let _ = writeln!(code, "pub(super) static {name}_INDEX: [u8; {}] = {index:?};", index.len());
    let _ = writeln!(code, "pub(super) static {name}_BLOCKS: [[u16; 256]; {}] = {blocks:?};", blocks.len());
    code
}
