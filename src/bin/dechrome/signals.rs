//! What signals do.

use std::io;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::flag;

use crate::exit::Exit;

/// A flag that the first signal to stop sets; the second ends the program at once.
///
/// # Errors
/// When the system does not let the program listen.
pub(crate) fn stop_on_signal() -> io::Result<Arc<AtomicBool>> {
    let stop = Arc::new(AtomicBool::new(false));
    #[cfg(unix)]
    let signals = [SIGINT, SIGTERM, signal_hook::consts::SIGHUP];
    #[cfg(not(unix))]
    let signals = [SIGINT, SIGTERM];
    // Who started the program with `nohup` wants it to go on.
    for signal in signals.into_iter().filter(|signal| !is_ignored(*signal)) {
        // Looked at before the flag is set, so not at the first signal.
        flag::register_conditional_shutdown(signal, Exit::Stopped as i32, Arc::clone(&stop))?;
        flag::register(signal, Arc::clone(&stop))?;
    }
    Ok(stop)
}

/// Makes writing beyond the limit on the size of files an error like others, instead of the end of the program.
pub(crate) fn outlive_file_limits() {
    #[cfg(unix)]
    {
        // Nobody reads the flag. Where the system does not allow it, the program ends as it would have.
        let _ = flag::register(signal_hook::consts::SIGXFSZ, Arc::new(AtomicBool::new(false)));
    }
}

/// Whether a signal is ignored since before the program began.
fn is_ignored(signal: i32) -> bool {
    let Ok(status) = std::fs::read_to_string("/proc/self/status") else { return false };
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let mask = mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).unwrap_or(0);
    u32::try_from(signal - 1).is_ok_and(|bit| mask.checked_shr(bit).unwrap_or(0) & 1 == 1)
}
