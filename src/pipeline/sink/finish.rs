//! The end of a container: its outputs get their names, or it fails as a whole.

use std::io;

use super::{Open, Output, TreeSink};
use crate::pipeline::QUARANTINE_NAME;
use crate::pipeline::container::{Container, Told};
use crate::pipeline::journal::DoneLine;
use crate::pipeline::open_output::{Growing, Grown, hash_of_stretch};
use crate::pipeline::opened::reopened;
use crate::pipeline::verify::Unverified;
use crate::report::row::OffsetIn;
use crate::report::summary::Verified;
use crate::report::{DocumentName, FailReason, Quarantined, Row};

/// What became of the output of a container.
enum End {
    /// It has its name, if there is one.
    Finished(Option<Grown>),
    /// It is not what it should be, and is gone.
    Lost(FailReason, String),
}

impl TreeSink<'_> {
    /// Gives the outputs of a container their names.
    pub(super) fn finish(&mut self, container: &Container<'static>, mut open: Open) -> io::Result<()> {
        let output = match self.finish_output(container, &mut open)? {
            End::Finished(output) => output,
            End::Lost(reason, detail) => {
                self.put_aside_whole(container, &mut open.quarantine, reason, &detail)?;
                None
            }
        };
        if let Some(quarantine) = open.quarantine {
            if self.verifies {
                self.check(&quarantine)?.map_err(io::Error::other)?;
            }
            quarantine.finish(self.tree)?;
        }
        let DocumentName { path, raw: path_raw } = DocumentName::of(&container.target);
        let input = container.input.as_ref().map(|input| input.stamp);
        let again = output.is_none() && !container.is_exploded;
        let facts = open.facts;
        let output_hash = output.map(|grown| grown.hash.to_string());
        let output = output.map(|grown| grown.len);
        let format = container.format.map(|format| format.name().to_owned());
        let done = DoneLine { path, path_raw, input, output, output_hash, format, again, facts, ..DoneLine::default() };
        let done = DoneLine { is_container: true, ..done };
        self.note_done(done).map_err(io::Error::other)
    }

    fn finish_output(&mut self, container: &Container<'static>, open: &mut Open) -> io::Result<End> {
        match open.output.take() {
            // Nothing of it was whole.
            Some(Output::File(growing)) if growing.len() == 0 && !open.is_listed => Ok(End::Finished(None)),
            Some(Output::File(growing)) => {
                if self.verifies {
                    let checked = if open.is_wrong { Err(Unverified::Other) } else { self.check(&growing)? };
                    if let Err(unverified) = checked {
                        return Ok(End::Lost(FailReason::Unverified, unverified.to_string()));
                    }
                }
                if !open.is_listed {
                    self.list(container).map_err(io::Error::other)?;
                }
                Ok(End::Finished(Some(growing.finish(self.tree)?)))
            }
            #[cfg(feature = "parquet")]
            Some(Output::Columns(columns)) => self.finish_columns(columns),
            None if open.is_told => Ok(End::Finished(None)),
            None => {
                self.list(container).map_err(io::Error::other)?;
                Ok(End::Finished(None))
            }
        }
    }

    #[cfg(feature = "parquet")]
    fn finish_columns(&mut self, columns: crate::pipeline::columns::ColumnOutput) -> io::Result<End> {
        use crate::pipeline::columns::ColumnError;

        match columns.finish(self.tree, self.verifies) {
            Ok(grown) => {
                self.verified +=
                    Verified { files: u64::from(self.verifies), bytes: grown.len * u64::from(self.verifies) };
                Ok(End::Finished(Some(grown)))
            }
            Err(ColumnError::Write(error)) => Err(error),
            Err(error) => Ok(error.told().map_or(End::Finished(None), |(reason, detail)| End::Lost(reason, detail))),
        }
    }

    /// Reads what is about to get its name again.
    fn check(&mut self, growing: &Growing) -> io::Result<Result<(), Unverified>> {
        match growing.reread() {
            Ok(hash) if hash == growing.hash() => {
                self.verified += Verified { files: 1, bytes: growing.len() };
                Ok(Ok(()))
            }
            Ok(_) => Ok(Err(Unverified::Other)),
            Err(error) => Ok(Err(error.into())),
        }
    }

    /// Copies a whole container to quarantine, behind what is there of it, and says why.
    fn put_aside_whole(
        &mut self,
        container: &Container<'static>,
        quarantine: &mut Option<Growing>,
        reason: FailReason,
        detail: &str,
    ) -> io::Result<()> {
        let row = Row::failed(container.name.as_ref(), reason, detail);
        let mut told = Told::default();
        match container.input.as_ref().zip(container.name.as_ref()).filter(|_| reason != FailReason::Unreadable) {
            Some((input, name)) => {
                let growing = self.quarantine(quarantine, container, None)?;
                let before = growing.len();
                growing.copy(input, 0, None)?;
                let bytes = growing.len() - before;
                let original =
                    reopened(&input.path, input.is_named).map_err(|error| io::Error::other(error.to_string()))?;
                let hash = Some(hash_of_stretch(original, 0, bytes)?);
                let path = format!("{QUARANTINE_NAME}/{}", name.path);
                let aside = Quarantined { path, offset: 0, bytes, of: OffsetIn::File, hash };
                told.add(&row.with_quarantine(&aside), &mut self.totals);
            }
            None => told.add(&row, &mut self.totals),
        }
        if let Some(input) = &container.input {
            told.come_from(&input.path);
        }
        self.tell(told).map_err(io::Error::other)
    }
}
