//! Compressed inputs through the program: they come out compressed likewise, and damage costs only what it hit.

use crate::support::{Dir, WITH_CHROME, WITHOUT_CHROME, check_account};
use dechrome::formats::compression::{Codec, Decoder, Limits, encode};
use serde_json::{Value, json};

/// One member for each piece.
pub(crate) fn packed(codec: Codec, pieces: &[&[u8]]) -> Vec<u8> {
    let mut out = Vec::new();
    for piece in pieces {
        encode(codec, piece, &mut out).unwrap();
    }
    out
}

fn unpacked(bytes: &[u8]) -> Vec<u8> {
    let codec = Codec::of_magic(bytes).expect("compressed");
    let mut decoder = Decoder::new(codec, bytes, Limits { max_ratio: u64::MAX, ..Limits::default() });
    let (mut out, mut room) = (Vec::new(), vec![0; 1 << 16]);
    loop {
        match decoder.read(&mut room).unwrap() {
            0 => break,
            count => out.extend_from_slice(&room[..count]),
        }
    }
    assert!(decoder.notes().is_empty());
    out
}

/// Lines with numbers, of which every third has chrome; no two pads are alike, so they compress badly.
fn lines(from: usize, count: usize) -> String {
    let line = |number: usize| {
        let text = if number.is_multiple_of(3) { WITH_CHROME } else { WITHOUT_CHROME };
        let pad = blake3::hash(&number.to_le_bytes()).to_hex().repeat(3);
        format!("{}\n", json!({"number": number, "pad": *pad, "text": text}))
    };
    (from..from + count).map(line).collect()
}

/// What is left of such lines.
fn kept(dir: &Dir, lines: &str) -> String {
    let (before, after) = (json!(WITH_CHROME).to_string(), json!(dir.cleaned(WITH_CHROME)).to_string());
    lines.replace(&before, &after)
}

/// The rows of what failed in this input; each that was put aside is where it says.
fn failed(dir: &Dir, path: &str) -> Vec<Value> {
    let rows = dir.rows("out").into_iter().filter(|row| row["path"] == path && row["status"] == "failed");
    let rows: Vec<Value> = rows.collect();
    let aside: u64 = rows.iter().filter_map(|row| row["quarantine"]["bytes"].as_u64()).sum();
    let file = dir.path(&format!("out/quarantine/{path}"));
    assert_eq!(if file.exists() { file.metadata().unwrap().len() } else { 0 }, aside, "{path}");
    rows
}

/// The note of the summary on an input.
fn note(dir: &Dir, path: &str) -> Option<String> {
    let summary = dir.summary("out");
    let found = summary["notes"].as_array().unwrap().iter().find(|note| note["path"] == path)?;
    Some(found["detail"].as_str().unwrap().to_owned())
}

#[test]
fn outputs_are_compressed_as_their_inputs() {
    let dir = Dir::new();
    let lines = lines(0, 12);
    dir.write("in/plain.jsonl", &lines);
    for codec in Codec::ALL {
        let extension = codec.extension();
        // The first member ends amid a line, the second amid a character of a text, and one is empty.
        let (first, second) = lines.as_bytes().split_at(lines.len() / 2 + 7);
        dir.write(&format!("in/a.jsonl.{extension}"), packed(codec, &[first, b"", second]));
        let text = format!("Größe\n\n{WITH_CHROME}");
        let (first, second) = text.as_bytes().split_at(3);
        dir.write(&format!("in/b.txt.{extension}"), packed(codec, &[first, second]));
    }
    dir.clean("out", &[], 0);
    assert_eq!(dir.read("out/plain.jsonl"), kept(&dir, &lines));
    let text = format!("Größe\n\n{WITH_CHROME}");
    let (rows, cleaned) = (dir.rows("out"), dir.cleaned(&text));
    for codec in Codec::ALL {
        let (a, b) = (format!("a.jsonl.{}", codec.extension()), format!("b.txt.{}", codec.extension()));
        let (of_lines, of_text) = (dir.bytes(&format!("out/{a}")), dir.bytes(&format!("out/{b}")));
        assert_eq!((Codec::of_magic(&of_lines), Codec::of_magic(&of_text)), (Some(codec), Some(codec)));
        assert!(unpacked(&of_lines) == dir.bytes("out/plain.jsonl"), "{a}");
        assert_eq!(String::from_utf8(unpacked(&of_text)).unwrap(), cleaned, "{b}");
        check_account(&dir.row("out", &b), &text, &cleaned);
        let of = |path: &str| -> Vec<Value> {
            let rows = rows.iter().filter(|row| row["path"] == path).cloned();
            rows.map(|mut row| std::mem::take(row.as_object_mut().unwrap()).into_iter().skip(2).collect()).collect()
        };
        assert_eq!(of(&a).len(), 12);
        assert_eq!(of(&a), of("plain.jsonl"), "{a}");
    }
    assert!(dir.summary("out")["notes"].as_array().unwrap().is_empty());
}

#[test]
fn a_stream_comes_out_compressed_as_it_came() {
    let dir = Dir::new();
    let lines = lines(0, 6);
    for codec in Codec::ALL {
        let (status, stdout, stderr) = dir.pipe(&["clean"], &packed(codec, &[lines.as_bytes()]));
        assert_eq!((status, Codec::of_magic(&stdout)), (0, Some(codec)), "{stderr}");
        assert!(unpacked(&stdout) == kept(&dir, &lines).as_bytes());
        let (status, stdout, _) = dir.pipe(&["clean", "--compress", "none"], &packed(codec, &[WITH_CHROME.as_bytes()]));
        assert_eq!((status, String::from_utf8(stdout).unwrap()), (0, dir.cleaned(WITH_CHROME)));
    }
}

#[test]
fn the_compression_of_outputs_can_be_chosen() {
    let dir = Dir::new();
    dir.write("in/a.txt.gz", packed(Codec::Gzip, &[WITH_CHROME.as_bytes()]));
    dir.write("in/b.txt", WITH_CHROME);
    dir.write("in/c.jsonl.xz", packed(Codec::Xz, &[lines(0, 3).as_bytes()]));
    dir.clean("plain", &["--compress", "none"], 0);
    assert_eq!(dir.names("plain"), ["a.txt", "b.txt", "c.jsonl", "report.jsonl", "summary.json"]);
    assert_eq!(dir.read("plain/a.txt"), dir.cleaned(WITH_CHROME));
    assert_eq!(dir.read("plain/c.jsonl"), kept(&dir, &lines(0, 3)));
    assert_eq!(dir.row("plain", "a.txt")["status"], "cleaned");
    dir.clean("zstd", &["--compress", "zstd"], 0);
    assert_eq!(dir.names("zstd"), ["a.txt.zst", "b.txt.zst", "c.jsonl.zst", "report.jsonl", "summary.json"]);
    for name in ["a.txt", "b.txt", "c.jsonl"] {
        let bytes = dir.bytes(&format!("zstd/{name}.zst"));
        assert_eq!(Codec::of_magic(&bytes), Some(Codec::Zstd));
        assert_eq!(unpacked(&bytes), dir.bytes(&format!("plain/{name}")));
    }
    assert_eq!(dir.summary("zstd")["options"]["compress"], "zstd");
}

/// Two inputs that are called alike without compression.
fn of_one_name() -> (Dir, String) {
    let dir = Dir::new();
    dir.write("in/a.txt", WITH_CHROME);
    dir.write("in/a.txt.gz", packed(Codec::Gzip, &[WITHOUT_CHROME.as_bytes()]));
    let stderr = dir.clean("out", &["--compress", "none"], 3);
    (dir, stderr)
}

#[test]
fn of_inputs_that_would_have_one_output_the_second_fails() {
    let (dir, _) = of_one_name();
    let output = dir.read("out/a.txt");
    assert_eq!(output, dir.cleaned(WITH_CHROME));
    let rows = dir.rows("out");
    assert_eq!((rows.len(), &rows[1]["status"]), (2, &json!("failed")));
    assert_eq!(rows[0]["hash_kept"], json!(format!("blake3:{}", blake3::hash(output.as_bytes()).to_hex())));
}

#[test]
fn an_input_that_fails_for_its_name_is_named_and_put_aside() {
    let (dir, stderr) = of_one_name();
    assert!(stderr.contains("failed: a.txt.gz: "), "{stderr}");
    assert_eq!(dir.bytes("out/quarantine/a.txt.gz"), dir.bytes("in/a.txt.gz"));
    assert_eq!(dir.row("out", "a.txt.gz")["reason"], "unwritable");
}

#[test]
fn content_goes_before_the_name_and_the_summary_says_so() {
    let dir = Dir::new();
    dir.write("in/plain.txt", packed(Codec::Gzip, &[WITH_CHROME.as_bytes()]));
    dir.write("in/packed.txt.gz", WITH_CHROME);
    dir.write("in/other.jsonl.zst", packed(Codec::Bzip2, &[lines(0, 3).as_bytes()]));
    dir.write("in/right.txt.gz", packed(Codec::Gzip, &[WITH_CHROME.as_bytes()]));
    dir.clean("out", &[], 0);
    let kept_text = dir.cleaned(WITH_CHROME);
    assert_eq!(String::from_utf8(unpacked(&dir.bytes("out/plain.txt"))).unwrap(), kept_text);
    assert_eq!(dir.read("out/packed.txt.gz"), kept_text);
    let other = dir.bytes("out/other.jsonl.zst");
    assert_eq!(Codec::of_magic(&other), Some(Codec::Bzip2));
    assert_eq!(String::from_utf8(unpacked(&other)).unwrap(), kept(&dir, &lines(0, 3)));
    assert!(note(&dir, "other.jsonl.zst").unwrap().contains("bzip2"));
    assert!(note(&dir, "packed.txt.gz").is_some());
    assert_eq!(note(&dir, "right.txt.gz"), None);
}

#[test]
fn a_name_that_hides_a_compression_is_noted() {
    let dir = Dir::new();
    dir.write("in/plain.txt", packed(Codec::Gzip, &[WITH_CHROME.as_bytes()]));
    dir.clean("out", &[], 0);
    assert!(note(&dir, "plain.txt").unwrap().contains("gzip"));
}

#[test]
fn of_a_truncated_file_all_whole_records_come_out() {
    let dir = Dir::new();
    let pieces = [lines(0, 10), lines(10, 10), lines(20, 10)];
    let expected = kept(&dir, &pieces.concat());
    for codec in Codec::ALL {
        let two = packed(codec, &[pieces[0].as_bytes(), pieces[1].as_bytes()]);
        let whole = packed(codec, &pieces.each_ref().map(|piece| piece.as_bytes()));
        let cut = two.len() + (whole.len() - two.len()) * 2 / 3;
        dir.write(&format!("in/a.jsonl.{}", codec.extension()), &whole[..cut]);
        dir.write(&format!("in/b.txt.{}", codec.extension()), &packed(codec, &[WITH_CHROME.as_bytes()])[..150]);
    }
    dir.clean("out", &[], 3);
    for codec in Codec::ALL {
        let (a, b) = (format!("a.jsonl.{}", codec.extension()), format!("b.txt.{}", codec.extension()));
        let output = String::from_utf8(unpacked(&dir.bytes(&format!("out/{a}")))).unwrap();
        assert!(expected.starts_with(&output) && output.ends_with('\n'), "{a}");
        assert!(output.lines().count() >= 20 && output.lines().count() < 30, "{a}");
        let rows = failed(&dir, &a);
        assert!(!rows.is_empty() && rows.iter().all(|row| row["reason"] == "truncated"), "{a}: {rows:?}");
        // A text is one document: half of it is none.
        let rows = failed(&dir, &b);
        assert_eq!((rows.len(), &rows[0]["reason"]), (1, &json!("truncated")), "{b}");
        assert!(!dir.path(&format!("out/{b}")).exists());
        assert_eq!(dir.bytes(&format!("out/quarantine/{b}")), dir.bytes(&format!("in/{b}")));
    }
}

/// Two members of ten lines, the second of which `damage` changes; cleaned to `out`. Gives the bytes of that member.
fn with_damaged_second(dir: &Dir, codec: Codec, damage: fn(&mut Vec<u8>)) -> Vec<u8> {
    let [first, mut second] = [0, 10].map(|from| packed(codec, &[lines(from, 10).as_bytes()]));
    damage(&mut second);
    dir.write("in/a.jsonl.x", [first, second.clone()].concat());
    dir.clean("out", &[], 3);
    second
}

#[test]
fn compressed_bytes_that_gave_nothing_are_put_aside() {
    let damages: [fn(&mut Vec<u8>); 2] = [
        |bytes| bytes.truncate(bytes.len() / 2),
        |bytes| {
            let middle = bytes.len() / 2;
            bytes[middle] ^= 0x10;
        },
    ];
    // Of these, a member this small is one block, which comes out as a whole or not at all.
    for codec in [Codec::Zstd, Codec::Bzip2, Codec::Lz4] {
        for damage in damages {
            let dir = Dir::new();
            let second = with_damaged_second(&dir, codec, damage);
            let output = unpacked(&dir.bytes("out/a.jsonl.x"));
            if output.len() > kept(&dir, &lines(0, 10)).len() {
                // Damage that only the checksum showed: all of it came out.
                continue;
            }
            let aside = dir.path("out/quarantine/a.jsonl.x");
            let aside = if aside.exists() { std::fs::read(aside).unwrap() } else { Vec::new() };
            // Lines that were read of it before the damage was seen, and are none, stand there, too.
            let is_there = aside.windows(second.len()).any(|bytes| bytes == second);
            assert!(is_there, "{codec}: {} of {} bytes are in quarantine", aside.len(), second.len());
        }
    }
}

#[test]
fn a_flipped_bit_costs_one_member() {
    let dir = Dir::new();
    let pieces = [lines(0, 10), lines(10, 10), lines(20, 10)];
    let sizes = |codec| pieces.each_ref().map(|piece| packed(codec, &[piece.as_bytes()]).len());
    for codec in Codec::ALL {
        let mut bytes = packed(codec, &pieces.each_ref().map(|piece| piece.as_bytes()));
        let [first, second, _] = sizes(codec);
        bytes[first + second / 2] ^= 0x10;
        dir.write(&format!("in/a.jsonl.{}", codec.extension()), bytes);
    }
    dir.clean("out", &[], 3);
    let (start, end) = (kept(&dir, &pieces[0]), kept(&dir, &pieces[2]));
    for codec in Codec::ALL {
        let a = format!("a.jsonl.{}", codec.extension());
        let output = String::from_utf8(unpacked(&dir.bytes(&format!("out/{a}")))).unwrap();
        assert!(output.starts_with(&start), "{a}: the first member is not whole");
        assert!(output.ends_with(&end), "{a}: the last member is not whole");
        assert!(output.lines().all(|line| serde_json::from_str::<Value>(line).is_ok()), "{a}");
        let rows = failed(&dir, &a);
        let codes = ["corrupt", "checksum", "truncated", "not_json"];
        assert!(rows.iter().all(|row| codes.contains(&row["reason"].as_str().unwrap())), "{a}: {rows:?}");
        assert!(rows.iter().any(|row| row["reason"] == "corrupt" || row["reason"] == "checksum"), "{a}: {rows:?}");
    }
}

#[test]
fn blocks_behind_a_damaged_one_are_not_lost() {
    let dir = Dir::new();
    // A block holds 900,000 bytes; the pads cannot be compressed well.
    let line = |number: u32| {
        let pad: String = (0..30)
            .map(|part: u32| blake3::hash(&[number, part].map(u32::to_le_bytes).concat()).to_hex().to_string())
            .collect();
        format!("{}\n", json!({"number": number, "pad": pad, "text": "Short."}))
    };
    let lines: Vec<String> = (0..1000).map(line).collect();
    let mut bytes = packed(Codec::Bzip2, &[lines.concat().as_bytes()]);
    let first = bytes.len() / 8;
    bytes[first] ^= 0x10;
    dir.write("in/a.jsonl.bz2", &bytes);
    dir.clean("out", &[], 3);
    let output = String::from_utf8(unpacked(&dir.bytes("out/a.jsonl.bz2"))).unwrap();
    let aside = dir.bytes("out/quarantine/a.jsonl.bz2");
    let tail = &bytes[bytes.len() / 2..];
    assert!(output.ends_with(&lines[999]) || aside.ends_with(tail), "the blocks behind the damaged one are nowhere");
}

#[test]
fn a_wrong_checksum_is_told_and_costs_no_record() {
    let dir = Dir::new();
    let mut bytes = packed(Codec::Gzip, &[lines(0, 10).as_bytes()]);
    let at = bytes.len() - 6;
    bytes[at] ^= 1;
    dir.write("in/a.jsonl.gz", bytes);
    dir.clean("out", &[], 3);
    assert_eq!(unpacked(&dir.bytes("out/a.jsonl.gz")), kept(&dir, &lines(0, 10)).as_bytes());
    let rows = failed(&dir, "a.jsonl.gz");
    assert_eq!((rows.len(), &rows[0]["reason"]), (1, &json!("checksum")));
}

/// A file of this name with garbage behind its content, which must come out, and the garbage go to quarantine.
fn check_garbage(name: &str, content: &str, kept: &str) {
    let (dir, garbage) = (Dir::new(), b"no member begins here");
    dir.write(&format!("in/{name}"), [&packed(Codec::Gzip, &[content.as_bytes()])[..], garbage].concat());
    dir.clean("out", &[], 0);
    assert_eq!(String::from_utf8(unpacked(&dir.bytes(&format!("out/{name}")))).unwrap(), kept);
    let note = note(&dir, name).expect("a note");
    assert!(note.contains("21 bytes"), "{note}");
    assert_eq!(dir.tree("out/quarantine").len(), 1);
    assert_eq!(dir.bytes(&format!("out/quarantine/{name}")), garbage);
    assert_eq!(dir.summary("out")["documents"]["failed"], 0);
}

#[test]
fn garbage_behind_records_is_noted() {
    check_garbage("a.jsonl.gz", &lines(0, 10), &kept(&Dir::new(), &lines(0, 10)));
}

#[test]
fn garbage_behind_a_document_is_noted() {
    check_garbage("a.txt.gz", WITH_CHROME, &Dir::new().cleaned(WITH_CHROME));
}

#[test]
fn garbage_behind_a_stream_is_told() {
    let dir = Dir::new();
    for content in [lines(0, 3), WITH_CHROME.to_owned()] {
        let input = [&packed(Codec::Gzip, &[content.as_bytes()])[..], b"no member begins here"].concat();
        let (status, _, stderr) = dir.pipe(&["clean"], &input);
        assert!(status == 0 && stderr.contains("21 bytes"), "{status}: {stderr}");
    }
}

#[test]
fn zeros_behind_the_last_member_are_no_garbage() {
    let dir = Dir::new();
    dir.write("in/a.txt.gz", [&packed(Codec::Gzip, &[WITH_CHROME.as_bytes()])[..], &[0; 512]].concat());
    dir.write("in/b.jsonl.gz", [&packed(Codec::Gzip, &[lines(0, 3).as_bytes()])[..], &[0; 512]].concat());
    dir.clean("out", &[], 0);
    assert_eq!(unpacked(&dir.bytes("out/a.txt.gz")), dir.cleaned(WITH_CHROME).as_bytes());
    assert_eq!(unpacked(&dir.bytes("out/b.jsonl.gz")), kept(&dir, &lines(0, 3)).as_bytes());
    assert_eq!((note(&dir, "a.txt.gz"), note(&dir, "b.jsonl.gz")), (None, None));
    assert!(!dir.path("out/quarantine").exists());
}

#[test]
fn a_bomb_is_stopped_and_put_aside() {
    let dir = Dir::new();
    let air = vec![b' '; 70 << 20];
    dir.write("in/a.txt.zst", packed(Codec::Zstd, &[&air]));
    dir.write("in/b.jsonl.zst", packed(Codec::Zstd, &[lines(0, 10).as_bytes(), &air]));
    dir.clean("out", &[], 3);
    assert!(!dir.path("out/a.txt.zst").exists());
    assert!(dir.bytes("out/quarantine/a.txt.zst") == dir.bytes("in/a.txt.zst"));
    for name in ["a.txt.zst", "b.jsonl.zst"] {
        assert!(failed(&dir, name).iter().any(|row| row["reason"] == "bomb"), "{name}");
    }
    let output = unpacked(&dir.bytes("out/b.jsonl.zst"));
    assert!(output.starts_with(kept(&dir, &lines(0, 10)).as_bytes()));
    // Who trusts the file can say so.
    std::fs::remove_file(dir.path("in/b.jsonl.zst")).unwrap();
    dir.clean("trusted", &["--max-ratio", "1000000", "--compress", "none"], 0);
    assert!(dir.bytes("trusted/a.txt") == air);
    assert_eq!(dir.row("trusted", "a.txt")["reason"], "too_large");
}

#[test]
fn one_layer_of_compression_is_opened() {
    let dir = Dir::new();
    let inner = packed(Codec::Gzip, &[WITH_CHROME.as_bytes()]);
    for (name, codec) in [("a.txt.gz", Codec::Gzip), ("b.jsonl.zst", Codec::Zstd)] {
        dir.write(&format!("in/{name}"), packed(codec, &[&inner]));
    }
    dir.clean("out", &[], 3);
    for name in ["a.txt.gz", "b.jsonl.zst"] {
        let rows = failed(&dir, name);
        assert_eq!((rows.len(), &rows[0]["reason"]), (1, &json!("unsupported")), "{name}");
        assert!(rows[0]["warnings"][0].as_str().unwrap().contains("gzip inside"), "{:?}", rows[0]);
        assert!(!dir.path(&format!("out/{name}")).exists());
        assert_eq!(dir.bytes(&format!("out/quarantine/{name}")), dir.bytes(&format!("in/{name}")));
    }
}
