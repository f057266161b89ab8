// What Unicode says of a character, slowly. The build script tabulates these functions for the Basic Multilingual Plane;
// at run time only characters beyond it come here.

use unicode_normalization::char::canonical_combining_class;
use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfkc_quick};
use unicode_properties::{GeneralCategory, GeneralCategoryGroup, UnicodeGeneralCategory};

/// Part of a word.
pub(crate) const WORD: u16 = 1;
/// Of a script that sets no blanks between words.
pub(crate) const UNSPACED: u16 = 1 << 1;
/// White space or a control character.
pub(crate) const BLANK: u16 = 1 << 2;
/// Ends a sentence.
pub(crate) const STOP: u16 = 1 << 3;
/// May stand between the end of a sentence and the blank after it.
pub(crate) const CLOSING: u16 = 1 << 4;
/// A quotation mark.
pub(crate) const QUOTE: u16 = 1 << 5;
/// Opens a bracket.
pub(crate) const OPENING: u16 = 1 << 6;
/// Dropped at a line's edges.
pub(crate) const EDGE: u16 = 1 << 7;
/// Invisible, and nothing to a comparison.
pub(crate) const IGNORABLE: u16 = 1 << 8;
/// Attaches to the character before it, so that both are normalised together.
pub(crate) const ATTACHED: u16 = 1 << 9;
/// Not ASCII, but folds to ASCII letters or figures, or to nothing.
pub(crate) const ALIAS: u16 = 1 << 10;
/// A figure of any script, or a number in one character.
pub(crate) const NUMERIC: u16 = 1 << 11;

/// The classes of a character, as bits.
pub(crate) fn class(c: char) -> u16 {
    let flags = [
        (is_word(c), WORD),
        (is_unspaced(c), UNSPACED),
        (c.is_whitespace() || c.is_control(), BLANK),
        (is_stop(c), STOP),
        (is_closing(c), CLOSING),
        (is_quote(c), QUOTE),
        (matches!(c, '(' | '[' | '{' | '（' | '［' | '【' | '〔'), OPENING),
        (is_edge(c), EDGE),
        (is_ignorable(c), IGNORABLE),
        (canonical_combining_class(c) != 0 || is_nfkc_quick(std::iter::once(c)) == IsNormalized::Maybe, ATTACHED),
        (is_alias(c), ALIAS),
        (c.is_numeric(), NUMERIC),
    ];
    flags.into_iter().filter(|(applies, _)| *applies).fold(0, |bits, (_, bit)| bits | bit)
}

/// The ranges are those of the measuring script, so that word counts agree with it.
fn is_unspaced(c: char) -> bool {
    matches!(c, '\u{0e00}'..='\u{0eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}' | '\u{3040}'..='\u{30ff}'
        | '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

fn is_alias(c: char) -> bool {
    let mut folded = String::new();
    fold(c.encode_utf8(&mut [0; 4]), &mut |c| folded.push(c));
    !c.is_ascii() && (is_ignorable(c) || folded.is_empty() || folded.contains(|c: char| c.is_ascii_alphanumeric()))
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_' || (!c.is_ascii() && c.general_category_group() == GeneralCategoryGroup::Mark)
}

fn is_stop(c: char) -> bool {
    matches!(
        c,
        '.' | '!'
            | '?'
            | '…'
            | '。'
            | '！'
            | '？'
            | '．'
            | '｡'
            | '؟'
            | '۔'
            | '।'
            | '॥'
            | '։'
            | '။'
            | '၊'
            | '។'
            | '‼'
            | '⁇'
            | '⁈'
            | '⁉'
    )
}

fn is_closing(c: char) -> bool {
    matches!(
        c,
        '"' | '\''
            | ')'
            | ']'
            | '}'
            | '”'
            | '’'
            | '»'
            | '›'
            | '“'
            | '‘'
            | '」'
            | '』'
            | '）'
            | '】'
            | '〉'
            | '》'
            | '*'
            | '_'
    )
}

fn is_quote(c: char) -> bool {
    matches!(c, '"' | '“' | '”' | '„' | '‟' | '«' | '»' | '「' | '」' | '『' | '』' | '＂' | '〝' | '〞')
}

/// Bullets, arrows, markdown marks, pictures, and `: ! *`.
fn is_edge(c: char) -> bool {
    if c.is_ascii() {
        return matches!(c, ':' | '!' | '*' | '#' | '>' | '<' | '|' | '_' | '~' | '=' | '-' | '`' | '/' | '\\');
    }
    matches!(c, '¿' | '¡' | '•' | '·' | '‣' | '◦' | '⁃' | '∙' | '・' | '›' | '‹' | '：' | '！' | '¦' | '\u{fffd}')
        || match c.general_category() {
            GeneralCategory::OtherSymbol => !matches!(c, '©' | '®' | '°' | '℗'),
            GeneralCategory::MathSymbol => {
                matches!(c, '\u{2190}'..='\u{21ff}' | '\u{25a0}'..='\u{25ff}' | '\u{27f0}'..='\u{27ff}' | '\u{2900}'..='\u{297f}')
            }
            GeneralCategory::PrivateUse => true,
            _ => false,
        }
}

/// Unicode's `Default_Ignorable_Code_Point` but for the unassigned, which never meet a pattern.
fn is_ignorable(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}'
        | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}'
        | '\u{feff}' | '\u{ffa0}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}')
}

/// What a group of characters that are normalised together folds to, character by character; blanks are not joined yet.
pub(crate) fn fold(cluster: &str, push: &mut dyn FnMut(char)) {
    for c in cluster.nfkc() {
        if let Some(same) = punctuation(c) {
            push(same);
            continue;
        }
        for lower in c.to_lowercase() {
            letter(lower, push);
        }
    }
}

fn punctuation(c: char) -> Option<char> {
    Some(match c {
        '“' | '”' | '„' | '‟' | '«' | '»' | '〝' | '〞' | '「' | '」' | '『' | '』' => '"',
        '‘' | '’' | '‚' | '‛' | '‹' | '›' | '´' | 'ʼ' | 'ʻ' | '′' | '`' => '\'',
        '‐' | '‑' | '‒' | '–' | '—' | '―' | '−' | '⸺' | '⸻' => '-',
        _ => return None,
    })
}

/// The one form of a lower-case letter that is written in several.
fn letter(c: char, push: &mut dyn FnMut(char)) {
    if c == 'ß' {
        push('s');
        push('s');
        return;
    }
    push(match c {
        'ı' => 'i',
        'ş' => 'ș',
        'ţ' => 'ț',
        'ά' => 'α',
        'έ' => 'ε',
        'ή' => 'η',
        'ί' | 'ϊ' | 'ΐ' => 'ι',
        'ό' => 'ο',
        'ύ' | 'ϋ' | 'ΰ' => 'υ',
        'ώ' => 'ω',
        'ς' => 'σ',
        'أ' | 'إ' | 'آ' | 'ٱ' => 'ا',
        'ى' | 'ی' => 'ي',
        'ک' => 'ك',
        // The Arabic tatweel, the dot that lower-casing İ leaves behind, Hebrew points, Arabic vowel signs.
        'ـ'
        | '\u{307}'
        | '\u{591}'..='\u{5bd}'
        | '\u{5bf}'
        | '\u{5c1}'..='\u{5c7}'
        | '\u{610}'..='\u{61a}'
        | '\u{64b}'..='\u{65f}'
        | '\u{670}' => return,
        c => c,
    });
}
