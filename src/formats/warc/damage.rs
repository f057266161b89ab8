//! What can be wrong with a stretch of an archive.

/// Why bytes are no record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum DamageKind {
    /// No record begins here.
    NotARecord,
    /// The header is broken off by the first lines of another one.
    Header,
    /// The header has not ended within 64 kB.
    HeaderTooLong,
    /// `Content-Length` is missing, is no number, is beyond 1 TiB, or stands there twice with different values.
    Length,
    /// Where `Content-Length` says that the block ends, it does not.
    Boundary,
    /// The input ends inside the record.
    Truncated,
}

impl DamageKind {
    /// The damage as a code for reports.
    pub fn as_str(self) -> &'static str {
        match self {
            DamageKind::NotARecord => "not_a_record",
            DamageKind::Header => "header",
            DamageKind::HeaderTooLong => "header_too_long",
            DamageKind::Length => "length",
            DamageKind::Boundary => "boundary",
            DamageKind::Truncated => "truncated",
        }
    }
}
