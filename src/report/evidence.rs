//! The evidence of a removal, as a report has it.

use std::borrow::Cow;
use std::fmt;

use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// What spoke for and against a removal, by name, in the order of the report.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReportedEvidence<'r>(pub Vec<(Cow<'r, str>, i64)>);

impl ReportedEvidence<'_> {
    /// The same, which outlives the row it was read of.
    pub fn into_owned(self) -> ReportedEvidence<'static> {
        ReportedEvidence(self.0.into_iter().map(|(name, weight)| (Cow::Owned(name.into_owned()), weight)).collect())
    }
}

impl Serialize for ReportedEvidence<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(name, weight)| (name, weight)))
    }
}

impl<'de: 'r, 'r> Deserialize<'de> for ReportedEvidence<'r> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(InOrder)
    }
}

/// A name that is borrowed where it has no escapes.
#[derive(Deserialize)]
struct Name<'r>(#[serde(borrow)] Cow<'r, str>);

/// Takes an object in the order it is written in.
struct InOrder;

impl<'de> Visitor<'de> for InOrder {
    type Value = ReportedEvidence<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object of names and weights")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut evidence = Vec::new();
        while let Some((Name(name), weight)) = map.next_entry()? {
            evidence.push((name, weight));
        }
        Ok(ReportedEvidence(evidence))
    }
}

#[cfg(test)]
#[allow(clippy::expect_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn evidence_comes_back_in_its_order() {
        let json = r#"{"tail":20,"a\nb":-3,"alone":100}"#;
        let read: ReportedEvidence<'_> = serde_json::from_str(json).expect("evidence");
        assert_eq!(read.0, [("tail".into(), 20), ("a\nb".into(), -3), ("alone".into(), 100)]);
        assert_eq!(serde_json::to_string(&read.clone().into_owned()).expect("json"), json);
        for wrong in ["[]", r#"{"a":"b"}"#, r#"{"a":1.5}"#, r#"{"a":99999999999999999999}"#] {
            assert!(serde_json::from_str::<ReportedEvidence<'_>>(wrong).is_err(), "{wrong}");
        }
    }
}
