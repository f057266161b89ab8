//! How far a run is, how fast, and how long it will take: the words of the bar and of the lines.

use std::fmt;
use std::time::Duration;

use dechrome::pipeline::Reached;
use dechrome::report::terminal::count;

/// All inputs of a run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Whole {
    pub(crate) inputs: u64,
    /// The bytes of their files.
    pub(crate) bytes: u64,
}

/// Where a run is after some time.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Pace {
    pub(crate) reached: Reached,
    /// Nothing until all inputs are counted.
    pub(crate) whole: Option<Whole>,
    pub(crate) elapsed: Duration,
}

impl Pace {
    /// Bytes a second; what an earlier run did was not done by this one.
    fn rate(&self) -> f64 {
        let worked = self.reached.bytes.saturating_sub(self.reached.reused);
        worked as f64 / self.elapsed.as_secs_f64().max(1e-3)
    }

    /// How long what is left will take at this rate; nothing where there is none yet.
    fn left(&self, whole: Whole) -> Option<Duration> {
        let (left, rate) = (whole.bytes.saturating_sub(self.reached.bytes), self.rate());
        // A rate so low says nothing, and a century need not be told in seconds.
        let seconds = left as f64 / rate;
        (rate > 0.0 && seconds < 1e9).then(|| Duration::from_secs_f64(seconds))
    }
}

impl fmt::Display for Pace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Reached { inputs, bytes, .. } = self.reached;
        let Some(whole) = self.whole else {
            return write!(f, "{}, {}/s; {}", Size(bytes), Size(self.rate() as u64), files(inputs));
        };
        let percent = u128::from(bytes.min(whole.bytes)) * 100 / u128::from(whole.bytes.max(1));
        write!(f, "{percent} % of {}, {}/s", Size(whole.bytes), Size(self.rate() as u64))?;
        if bytes < whole.bytes
            && let Some(left) = self.left(whole)
        {
            write!(f, ", {} to go", Time(left))?;
        }
        write!(f, "; {} of {}", count(inputs), files(whole.inputs))
    }
}

fn files(number: u64) -> String {
    format!("{} {}", count(number), if number == 1 { "file" } else { "files" })
}

/// A number of bytes, for people: in thousands, as disks are sold.
struct Size(u64);

impl fmt::Display for Size {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let units = [(1_000_000_000_000, "TB"), (1_000_000_000, "GB"), (1_000_000, "MB"), (1_000, "kB")];
        match units.into_iter().find(|(unit, _)| self.0 >= *unit) {
            Some((unit, name)) if self.0 >= unit * 100 => write!(f, "{} {name}", self.0 / unit),
            Some((unit, name)) => {
                let tenths = self.0 / (unit / 10);
                write!(f, "{}.{} {name}", tenths / 10, tenths % 10)
            }
            None => write!(f, "{} B", self.0),
        }
    }
}

/// A time, for people: its two largest units.
struct Time(Duration);

impl fmt::Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seconds = self.0.as_secs();
        match (seconds / 86_400, seconds / 3600 % 24, seconds / 60 % 60, seconds % 60) {
            (0, 0, 0, seconds) => write!(f, "{} s", seconds.max(1)),
            (0, 0, minutes, seconds) => write!(f, "{minutes} min {seconds} s"),
            (0, hours, minutes, _) => write!(f, "{hours} h {minutes} min"),
            (days, hours, ..) => write!(f, "{days} d {hours} h"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pace(inputs: u64, bytes: u64, reused: u64, whole: Option<(u64, u64)>, seconds: u64) -> String {
        let whole = whole.map(|(inputs, bytes)| Whole { inputs, bytes });
        let reached = Reached { inputs, bytes, reused };
        Pace { reached, whole, elapsed: Duration::from_secs(seconds) }.to_string()
    }

    #[test]
    fn one_huge_file_is_told_by_its_bytes() {
        let huge = 100_000_000_000;
        assert_eq!(
            pace(0, 34_000_000_000, 0, Some((1, huge)), 500),
            "34 % of 100 GB, 68.0 MB/s, 16 min 10 s to go; 0 of 1 file"
        );
        assert_eq!(pace(1, huge, 0, Some((1, huge)), 1500), "100 % of 100 GB, 66.6 MB/s; 1 of 1 file");
    }

    #[test]
    fn what_an_earlier_run_did_is_done_and_no_speed() {
        assert_eq!(
            pace(500, 50_000_000, 49_000_000, Some((1000, 100_000_000)), 1),
            "50 % of 100 MB, 1.0 MB/s, 50 s to go; 500 of 1,000 files"
        );
    }

    #[test]
    fn until_all_is_counted_nothing_is_said_of_what_is_left() {
        assert_eq!(pace(12, 1_234_567, 0, None, 1), "1.2 MB, 1.2 MB/s; 12 files");
        assert_eq!(pace(0, 0, 0, None, 0), "0 B, 0 B/s; 0 files");
    }

    #[test]
    fn where_there_is_no_speed_yet_no_time_is_told() {
        assert_eq!(pace(3, 70, 70, Some((9, 700)), 5), "10 % of 700 B, 0 B/s; 3 of 9 files");
        assert_eq!(pace(2, 0, 0, Some((2, 0)), 5), "0 % of 0 B, 0 B/s; 2 of 2 files");
        assert_eq!(pace(1, 700, 0, Some((1, 600)), 1), "100 % of 600 B, 700 B/s; 1 of 1 file");
    }

    #[test]
    fn times_have_two_units() {
        for (seconds, shown) in [(0, "1 s"), (59, "59 s"), (61, "1 min 1 s"), (3661, "1 h 1 min"), (90_000, "1 d 1 h")]
        {
            assert_eq!(Time(Duration::from_secs(seconds)).to_string(), shown);
        }
    }
}
