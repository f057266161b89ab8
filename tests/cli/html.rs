//! Pages of HTML through the program: they become the text of their article.

use crate::support::{Dir, WITH_CHROME, WITHOUT_CHROME, check_account, hash_of};
use serde_json::json;

const PARAGRAPHS: [&str; 3] = [
    "The city council voted on Monday evening to add four bus routes to the eastern districts, where residents have \
     asked for better connections for almost ten years, the transport office said.",
    "Drivers are being trained already, and the depot on Mill Street will be enlarged next spring so that sixteen more \
     vehicles can be kept there. The cost is estimated at nine million euros over three years.",
    "Opponents of the plan said that the routes would be empty in winter. The council will look at the numbers of \
     passengers every year, and decide again when the third year is over.",
];

/// A page with an article of these paragraphs between a menu and a footer.
fn page(head: &str, paragraphs: &[&str]) -> String {
    let paragraphs: String = paragraphs.iter().map(|text| format!("<p>{text}</p>\n")).collect();
    format!(
        "<!DOCTYPE html>\n<html><head>{head}<title>Council approves four new bus routes</title><script>var a = 'no \
         text';</script></head>\n<body><nav><ul><li><a href='/'>Front page</a><li><a href='/s'>Sports</a></ul></nav>\n\
         <article><h1>Council approves four new bus routes</h1>\n{paragraphs}</article>\n\
         <footer><p>Imprint of the paper</p></footer></body></html>\n"
    )
}

fn story() -> String {
    let [first, second, third] = PARAGRAPHS;
    page("<meta charset=\"utf-8\">", &[first, "ALSO READ: Some Other Headline Here", second, third])
}

#[test]
fn a_page_becomes_a_text_of_the_same_name() {
    let dir = Dir::new();
    dir.write("in/sub/a.html", story());
    dir.clean("out", &[], 0);
    let text = dir.read("out/sub/a.html");
    for paragraph in PARAGRAPHS {
        assert_eq!(text.lines().filter(|line| *line == paragraph).count(), 1, "{text}");
    }
    assert_eq!(text.matches("Council approves four new bus routes").count(), 1, "{text}");
    for gone in ["ALSO READ", "Front page", "Imprint", "var a", "<p>", "</"] {
        assert!(!text.contains(gone), "{gone} is in {text}");
    }
    let row = dir.row("out", "sub/a.html");
    assert!(row["extractor"].as_str().unwrap().starts_with("dom_smoothie"), "{row}");
    assert_eq!((&row["status"], &row["record"]), (&json!("cleaned"), &json!(null)));
    assert_eq!((&row["bytes_in"], &row["hash_in"]), (&json!(story().len()), &json!(hash_of(story().as_bytes()))));
    // What was extracted is the output with the removals put back.
    let mut extracted = text.clone();
    for removed in row["removed"].as_array().unwrap() {
        extracted.insert_str(removed["start"].as_u64().unwrap() as usize, removed["text"].as_str().unwrap());
    }
    check_account(&row, &extracted, &text);
    assert!(extracted.contains("ALSO READ: Some Other Headline Here"));
}

#[test]
fn the_whole_visible_text_can_be_asked_for() {
    let dir = Dir::new();
    dir.write("in/a.html", story());
    dir.clean("out", &["--html-text", "full", "--no-default-rules"], 0);
    let text = dir.read("out/a.html");
    let [first, second, third] = PARAGRAPHS;
    let title = "Council approves four new bus routes";
    let lines: Vec<&str> =
        text.lines().filter(|line| !line.trim().is_empty()).map(|line| line.trim_start_matches("- ")).collect();
    let expected = [
        "Front page",
        "Sports",
        title,
        first,
        "ALSO READ: Some Other Headline Here",
        second,
        third,
        "Imprint of the paper",
    ];
    assert!(lines == expected || lines[1..] == expected, "{text}");
    let row = dir.row("out", "a.html");
    assert_eq!((&row["extractor"], &row["status"]), (&json!("full text"), &json!("unchanged")));
    check_account(&row, &text, &text);
    assert_eq!(dir.summary("out")["options"]["html_text"], "full");
    dir.clean("cleaned", &["--html-text", "full"], 0);
    assert!(!dir.read("cleaned/a.html").contains("ALSO READ"));
    assert!(dir.read("cleaned/a.html").contains(third));
}

#[test]
fn the_charset_of_a_page_is_believed() {
    let dir = Dir::new();
    let sentence =
        "Привет из города: новые автобусы пойдут осенью, сказал мэр на встрече с жителями, которые ждали их давно.";
    let in_1251: Vec<u8> = sentence
        .chars()
        .map(|c| match c {
            'А'..='я' => u8::try_from(u32::from(c) - 0x410 + 0xC0).unwrap(),
            c => u8::try_from(c).unwrap(),
        })
        .collect();
    let write = |name: &str, head: &str, bytes: &[u8]| {
        let shell = page(head, &["SENTENCE", "SENTENCE", "SENTENCE"]);
        let mut parts = shell.split("SENTENCE");
        let mut page = parts.next().unwrap().as_bytes().to_vec();
        parts.for_each(|part| page.extend([bytes, part.as_bytes()].concat()));
        dir.write(&format!("in/{name}"), page);
    };
    write("meta.html", "<meta charset=windows-1251>", &in_1251);
    write("equiv.html", "<meta http-equiv='Content-Type' content='text/html; charset=windows-1251'>", &in_1251);
    write("utf8.html", "", sentence.as_bytes());
    // A label that nobody knows is told, and the bytes decide.
    write("odd.html", "<meta charset='x-no-such-charset'>", sentence.as_bytes());
    dir.clean("out", &[], 0);
    for (name, label) in
        [("meta.html", "windows-1251"), ("equiv.html", "windows-1251"), ("utf8.html", "UTF-8"), ("odd.html", "UTF-8")]
    {
        assert!(dir.read(&format!("out/{name}")).contains(sentence), "{name}: {}", dir.read(&format!("out/{name}")));
        assert_eq!(dir.row("out", name)["encoding"]["label"], label, "{name}");
    }
    let warnings = dir.row("out", "odd.html")["warnings"].clone();
    assert!(warnings.to_string().contains("x-no-such-charset"), "{warnings}");
}

#[test]
fn content_goes_before_the_name() {
    let dir = Dir::new();
    dir.write("in/prose.html", WITH_CHROME);
    dir.write("in/page.txt", story());
    dir.write("in/page", story());
    dir.write("in/readme.md", format!("<p align=center>My project</p>\n\n{WITH_CHROME}"));
    dir.write("in/mention.txt", format!("{WITHOUT_CHROME}\nIn HTML, <p> begins a paragraph and <html> a page.\n"));
    dir.write("in/page.html", story());
    dir.clean("out", &[], 0);
    assert_eq!(dir.read("out/prose.html"), dir.cleaned(WITH_CHROME));
    assert_eq!(dir.row("out", "prose.html").get("extractor"), None);
    for name in ["page.txt", "page"] {
        assert_eq!(dir.read(&format!("out/{name}")), dir.read("out/page.html"), "{name}");
        assert!(dir.row("out", name)["extractor"].is_string());
    }
    assert!(dir.read("out/readme.md").starts_with("<p align=center>My project</p>\n"));
    assert_eq!(dir.bytes("out/mention.txt"), dir.bytes("in/mention.txt"));
}

#[test]
fn a_stream_may_be_a_page() {
    let dir = Dir::new();
    dir.write("in/a.html", story());
    dir.clean("out", &[], 0);
    let (status, stdout, stderr) = dir.pipe(&["clean"], story().as_bytes());
    assert_eq!((status, String::from_utf8(stdout).unwrap()), (0, dir.read("out/a.html")), "{stderr}");
    let (status, stdout, _) = dir.run(&["clean", "in/a.html"]);
    assert_eq!((status, stdout), (0, dir.read("out/a.html")));
    // As text, it stays what it is.
    let (status, stdout, _) = dir.pipe(&["clean", "--format", "text"], story().as_bytes());
    assert!(status == 0 && String::from_utf8(stdout).unwrap().starts_with("<!DOCTYPE html>"));
    // And what shows no markup can be called a page.
    let (status, stdout, _) = dir.pipe(&["clean", "--format", "html"], b"Bed &amp; breakfast\n");
    assert_eq!((status, String::from_utf8(stdout).unwrap().trim()), (0, "Bed & breakfast"));
}

#[test]
fn odd_pages_come_to_something() {
    let dir = Dir::new();
    let deep = format!("<html><body>{}<p>{}</p>", "<div>".repeat(3000), PARAGRAPHS[0]);
    dir.write("in/deep.html", deep);
    dir.write("in/nothing.html", "<!DOCTYPE html><html><head><script>x()</script></head><body></body></html>");
    dir.write("in/open.html", format!("<html><body><p>{}<p>{}<b><i>", PARAGRAPHS[0], PARAGRAPHS[1]));
    dir.write("in/empty.html", "");
    dir.write("in/binary.html", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01");
    dir.write(
        "in/wide.html",
        story().encode_utf16().flat_map(u16::to_le_bytes).fold(vec![0xff, 0xfe], |mut all, byte| {
            all.push(byte);
            all
        }),
    );
    dir.clean("out", &[], 3);
    assert!(dir.read("out/deep.html").contains(PARAGRAPHS[0]));
    assert!(dir.read("out/open.html").contains(PARAGRAPHS[0]) && dir.read("out/open.html").contains(PARAGRAPHS[1]));
    assert!(dir.read("out/wide.html").contains(PARAGRAPHS[2]));
    for name in ["nothing.html", "empty.html"] {
        assert_eq!(dir.read(&format!("out/{name}")).trim(), "", "{name}");
    }
    assert!(dir.row("out", "nothing.html")["warnings"].to_string().contains("empty_body"));
    assert_eq!(dir.row("out", "binary.html")["status"], "failed");
    assert_eq!(dir.bytes("out/quarantine/binary.html"), dir.bytes("in/binary.html"));
    assert_eq!(dir.summary("out")["documents"]["failed"], 1);
}
