//! What the summary of a run tells of how it was done.

use std::collections::HashMap;
use std::fs::File;
use std::io::BufReader;
use std::path::Path;

use crate::formats::{FieldNames, Format};
use crate::pipeline::SUMMARY_NAME;
use crate::report::Summary;
use crate::report::summary::{ContainerUsed, OptionsUsed};

/// What is known of a run besides its rows.
pub(super) struct Known {
    /// Where the texts of records stand.
    pub(super) fields: FieldNames,
    containers: HashMap<String, ContainerUsed>,
    summary: Option<Box<Summary>>,
    /// Whether there is a summary that cannot be read.
    pub(super) is_damaged: bool,
}

impl Known {
    /// What the summary in this directory tells; nothing where there is none that can be read.
    pub(super) fn of(from: &Path) -> Known {
        let file = File::open(from.join(SUMMARY_NAME)).ok();
        let is_there = file.is_some();
        let summary: Option<Summary> = file.and_then(|file| serde_json::from_reader(BufReader::new(file)).ok());
        let mut summary = summary.map(Box::new);
        let containers = summary.as_mut().map(|summary| std::mem::take(&mut summary.containers)).unwrap_or_default();
        let containers = containers.into_iter().map(|used| (used.path.clone(), used)).collect();
        let fields = summary.as_ref().map(|summary| summary.options.field_names()).unwrap_or_default();
        Known { fields, containers, is_damaged: is_there && summary.is_none(), summary }
    }

    /// The options of the run.
    pub(super) fn options(&self) -> Option<&OptionsUsed> {
        self.summary.as_ref().map(|summary| &summary.options)
    }

    /// The format of all inputs, where the caller of the run said it.
    pub(super) fn format(&self) -> Option<Format> {
        self.options()?.format()
    }

    /// What is known of a container.
    pub(super) fn container(&self, path: &str) -> Option<&ContainerUsed> {
        self.containers.get(path)
    }

    /// The hash of the report.
    pub(super) fn hash_report(&self) -> Option<&str> {
        self.summary.as_ref()?.hash_report.as_deref()
    }

    /// How many documents the run told of.
    pub(super) fn documents(&self) -> Option<u64> {
        self.summary.as_ref().map(|summary| summary.totals.documents.total)
    }

    /// How many files the run passed over.
    pub(super) fn skipped(&self) -> u64 {
        self.summary.as_ref().map_or(0, |summary| summary.skipped_total())
    }
}
