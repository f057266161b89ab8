//! What a response says of its body that is not so.

/// A body that had to be taken otherwise than the head says. None of its content is lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum HttpWarning {
    /// It says that the body comes in chunks, which it does not: the body is taken as it stands. Many archives store
    /// bodies without their chunks.
    NotChunked,
    /// The chunks break off behind the first: the rest is taken as it stands.
    BrokenChunks,
    /// It names a content coding that the body does not have: the body is taken as it stands.
    NotEncoded,
}

impl HttpWarning {
    /// The warning as a code for reports.
    pub fn as_str(self) -> &'static str {
        match self {
            HttpWarning::NotChunked => "not_chunked",
            HttpWarning::BrokenChunks => "broken_chunks",
            HttpWarning::NotEncoded => "not_encoded",
        }
    }
}
