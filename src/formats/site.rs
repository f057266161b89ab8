//! The site that an address belongs to.

/// The registrable domain of an address, in lower case: `www.news.example.co.uk` is of `example.co.uk`. A host without
/// one (an IP address, `localhost`) stands for itself; `None` where the address names no host.
///
/// Suffixes under which sites are registered are those of the [Public Suffix List](https://publicsuffix.org/), by way of `psl`.
///
/// ```
/// use dechrome::formats::site_of;
///
/// assert_eq!(site_of("https://www.Example.co.uk:8080/a?b").as_deref(), Some("example.co.uk"));
/// assert_eq!(site_of("http://127.0.0.1/").as_deref(), Some("127.0.0.1"));
/// assert_eq!(site_of("no address"), None);
/// ```
pub fn site_of(url: &str) -> Option<String> {
    let host = host_of(url)?.trim_end_matches('.').to_ascii_lowercase();
    if host.is_empty() {
        return None;
    }
    let is_address = host.starts_with('[') || host.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    match psl::domain_str(&host) {
        Some(site) if !is_address => Some(site.to_owned()),
        _ => Some(host),
    }
}

/// The host of an address with a scheme, without user, password and port.
fn host_of(url: &str) -> Option<&str> {
    let (scheme, rest) = url.trim().split_once("://")?;
    if scheme.is_empty() || !scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte)) {
        return None;
    }
    let authority = rest.split(['/', '?', '#', '\\']).next()?;
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    if host.contains(|c: char| c.is_whitespace() || c.is_control()) {
        return None;
    }
    match host.strip_prefix('[') {
        Some(address) => address.find(']').map(|end| &host[..end + 2]),
        None => Some(host.split(':').next().unwrap_or(host)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_site_is_the_registrable_domain() {
        for (url, site) in [
            ("https://news.example.com/a", Some("example.com")),
            ("http://user:secret@a.b.example.org:80?x", Some("example.org")),
            ("https://someone.github.io/", Some("someone.github.io")),
            ("https://com/", Some("com")),
            ("http://[2001:db8::1]:80/x", Some("[2001:db8::1]")),
            ("http://localhost/x", Some("localhost")),
            ("https://EXAMPLE.com./x", Some("example.com")),
            ("dns:example.com", None),
            ("https://", None),
            ("https://a b/", None),
        ] {
            assert_eq!(site_of(url).as_deref(), site, "{url}");
        }
    }
}
