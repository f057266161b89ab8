//! Arrays as statics of their own; equal ones are written once.

use std::collections::HashMap;
use std::fmt::Write as _;

/// The arrays that have been written.
#[derive(Default)]
pub(crate) struct Arrays {
    /// Their code.
    pub(crate) code: String,
    names: HashMap<String, String>,
}

impl Arrays {
    /// A reference to an array of this type; `items` are its elements as code.
    pub(crate) fn add(&mut self, kind: &str, items: impl Iterator<Item = String>) -> String {
        let items: Vec<String> = items.collect();
        if items.is_empty() {
            return "&[]".to_owned();
        }
        let array = format!("[{kind}; {}] = [{}]", items.len(), items.join(", "));
        let next = format!("ARRAY_{}", self.names.len());
        let code = &mut self.code;
        let name = self.names.entry(array).or_insert_with_key(|array| {
            let _ = writeln!(code, "static {next}: {array};");
            next
        });
        format!("&{name}")
    }
}
