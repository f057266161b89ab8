//! Licence expressions as SPDX has them, and `/` for `OR`, as older crates write it.
//! <https://spdx.github.io/spdx-spec/v2.3/SPDX-license-expressions/>

/// Whether an expression can be satisfied with licences that are allowed; `A WITH b` is a licence of its own.
pub(crate) fn is_allowed(expression: &str, allowed: &dyn Fn(&str) -> bool) -> bool {
    let spaced = expression.replace('(', " ( ").replace(')', " ) ").replace('/', " OR ");
    let tokens: Vec<&str> = spaced.split_whitespace().collect();
    let mut rest = tokens.as_slice();
    let holds = any_of(&mut rest, allowed);
    assert!(rest.is_empty(), "{expression}: {rest:?} stands behind its end");
    holds
}

fn any_of(rest: &mut &[&str], allowed: &dyn Fn(&str) -> bool) -> bool {
    let mut holds = all_of(rest, allowed);
    while let ["OR", behind @ ..] = *rest {
        *rest = behind;
        holds |= all_of(rest, allowed);
    }
    holds
}

fn all_of(rest: &mut &[&str], allowed: &dyn Fn(&str) -> bool) -> bool {
    let mut holds = one(rest, allowed);
    while let ["AND", behind @ ..] = *rest {
        *rest = behind;
        holds &= one(rest, allowed);
    }
    holds
}

fn one(rest: &mut &[&str], allowed: &dyn Fn(&str) -> bool) -> bool {
    match *rest {
        ["(", behind @ ..] => {
            *rest = behind;
            let holds = any_of(rest, allowed);
            let [")", behind @ ..] = *rest else { panic!("a bracket stays open before {rest:?}") };
            *rest = behind;
            holds
        }
        [licence, "WITH", exception, behind @ ..] => {
            *rest = behind;
            allowed(&format!("{licence} WITH {exception}"))
        }
        [licence, behind @ ..] => {
            *rest = behind;
            allowed(licence)
        }
        [] => panic!("a licence is missing"),
    }
}

#[test]
fn an_expression_is_allowed_if_one_of_its_choices_is_allowed_as_a_whole() {
    let holds = |expression| is_allowed(expression, &|licence| ["MIT", "Zlib", "Apache-2.0 WITH x"].contains(&licence));
    for expression in [
        "MIT",
        "GPL-3.0 OR MIT",
        "MIT/GPL-3.0",
        "(GPL-3.0 OR MIT) AND Zlib",
        "GPL-2.0 AND Y OR MIT",
        "Apache-2.0 WITH x",
    ] {
        assert!(holds(expression), "{expression}");
    }
    for expression in ["GPL-3.0", "MIT AND GPL-3.0", "MIT AND (Y OR GPL-3.0)", "Apache-2.0", "MIT WITH x"] {
        assert!(!holds(expression), "{expression}");
    }
}
