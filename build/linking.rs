//! How the program is linked.

use std::env;
use std::process::Command;

/// The first release of the GNU C library that reads packed relocations.
const PACKED_FROM: (u32, u32) = (2, 36);

/// Asks the linker for packed relocations (DT_RELR) where the C library of this machine reads them and the program is made
/// for this machine: the system reads them all at every start, and unpacked they are a megabyte. A linker that cannot pack
/// them says so and does without.
pub(crate) fn pack_relocations() {
    let is_for_here = variable("HOST") == variable("TARGET");
    let is_gnu = variable("CARGO_CFG_TARGET_OS") == "linux" && variable("CARGO_CFG_TARGET_ENV") == "gnu";
    if is_for_here && is_gnu && glibc().is_some_and(|version| version >= PACKED_FROM) {
        println!("cargo::rustc-link-arg-bins=-Wl,-z,pack-relative-relocs");
    }
}

fn variable(name: &str) -> String {
    env::var(name).unwrap_or_default()
}

/// The release of this machine's GNU C library; POSIX `getconf` tells it as `glibc 2.36`.
fn glibc() -> Option<(u32, u32)> {
    let told = Command::new("getconf").arg("GNU_LIBC_VERSION").output().ok()?;
    let told = String::from_utf8(told.stdout).ok()?;
    let (major, minor) = told.trim().strip_prefix("glibc ")?.split_once('.')?;
    Some((major.parse().ok()?, minor.parse().ok()?))
}
