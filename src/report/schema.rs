//! What rows and summaries look like, for programs.

/// The JSON Schema (2020-12) of a row of `report.jsonl`.
pub const ROW_SCHEMA_JSON: &str = include_str!("../../schemas/report.schema.json");

/// The JSON Schema (2020-12) of `summary.json`.
pub const SUMMARY_SCHEMA_JSON: &str = include_str!("../../schemas/summary.schema.json");
