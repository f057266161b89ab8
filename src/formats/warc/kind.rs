//! The kinds of records.

/// What a record is, by its `WARC-Type` (WARC 1.1, section 6).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Kind {
    /// About the archive.
    Warcinfo,
    /// What a crawler asked a server.
    Request,
    /// What the server answered.
    Response,
    /// About another record.
    Metadata,
    /// An answer that was stored before.
    Revisit,
    /// Another record's content in another form; the records of WET files are such.
    Conversion,
    /// A file, without the protocol it came by.
    Resource,
    /// A further part of a record that was split over archives.
    Continuation,
    /// No kind that the standard knows, or none at all.
    Other,
}

impl Kind {
    /// All kinds, in the order in which they are counted.
    pub const ALL: [Kind; 9] = [
        Kind::Warcinfo,
        Kind::Request,
        Kind::Response,
        Kind::Metadata,
        Kind::Revisit,
        Kind::Conversion,
        Kind::Resource,
        Kind::Continuation,
        Kind::Other,
    ];

    /// The kind that `WARC-Type` names, whatever the case of its letters.
    pub fn of_name(name: &[u8]) -> Kind {
        let named = |kind: &Kind| name.eq_ignore_ascii_case(kind.as_str().as_bytes());
        Kind::ALL.into_iter().find(named).unwrap_or(Kind::Other)
    }

    /// The kind as `WARC-Type` names it; `other` for none of the standard's.
    pub fn as_str(self) -> &'static str {
        match self {
            Kind::Warcinfo => "warcinfo",
            Kind::Request => "request",
            Kind::Response => "response",
            Kind::Metadata => "metadata",
            Kind::Revisit => "revisit",
            Kind::Conversion => "conversion",
            Kind::Resource => "resource",
            Kind::Continuation => "continuation",
            Kind::Other => "other",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_is_found_by_its_name() {
        for kind in Kind::ALL {
            assert_eq!(Kind::of_name(kind.as_str().to_uppercase().as_bytes()), kind);
        }
        assert_eq!(Kind::of_name(b"screenshot"), Kind::Other);
    }
}
