//! Licences of dependencies.

use crate::graph::ALL;
use crate::licence::is_allowed;
use crate::policy::Policy;

#[test]
fn every_dependency_has_a_licence_that_is_allowed() {
    let licences = Policy::read().licenses;
    for package in ALL.iter() {
        let excepted = licences.exceptions.iter().find(|exception| exception.name == package.name);
        let excepted = excepted.map_or(&[][..], |exception| &exception.allow);
        let allowed = |licence: &str| licences.allow.iter().chain(excepted).any(|allowed| allowed == licence);
        let licence = package.license.as_deref().unwrap_or_else(|| panic!("{} names no licence", package.name));
        assert!(is_allowed(licence, &allowed), "{} {} is under {licence}", package.name, package.version);
    }
}

#[test]
fn no_exception_outlives_its_crate() {
    for exception in Policy::read().licenses.exceptions {
        assert!(ALL.iter().any(|package| package.name == exception.name), "{} is no dependency", exception.name);
    }
}
