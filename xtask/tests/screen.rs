//! The last screen, on terminals of 80 and of 140 columns.

mod support;

use support::{PLAIN, PYTHON, command, output, scenarios, stdout, xtask};

/// Runs a program with its standard output on a terminal of so many columns, and prints what it wrote there.
const ON_A_TERMINAL: &str = "
import fcntl, os, pty, struct, subprocess, sys, termios
master, slave = pty.openpty()
fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack('HHHH', 40, int(sys.argv[1]), 0, 0))
child = subprocess.Popen(sys.argv[2:], stdout=slave, stderr=subprocess.DEVNULL)
os.close(slave)
told = b''
while True:
    try:
        part = os.read(master, 65536)
    except OSError:
        part = b''
    if not part:
        break
    told += part
child.wait()
sys.stdout.buffer.write(told.replace(b'\\r\\n', b'\\n'))
";

/// The lines that say where a file is are as long as its path.
fn is_place(line: &str) -> bool {
    ["Report:", "Page:", "Records:"].iter().any(|word| line.starts_with(word))
}

/// A text without what colours it.
fn without_shades(told: &str) -> String {
    let mut parts = told.split("\u{1b}[");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |plain, part| plain + part.split_once('m').map_or("", |(_, rest)| rest))
}

#[test]
fn a_run_ends_with_one_screen_that_fits() {
    let folder = scenarios(&[("plain.yaml", PLAIN)]);
    let folder = folder.path().to_str().expect("UTF-8");
    for columns in [80, 140] {
        let asked = ["check", "--scenarios", folder, "--python", &PYTHON];
        let mut terminal = command(&PYTHON);
        terminal.args(["-c", ON_A_TERMINAL, &columns.to_string()]);
        terminal.env("TERM", "xterm-256color").env_remove("NO_COLOR");
        let shaded = stdout(&output(terminal.arg(env!("CARGO_BIN_EXE_xtask")).args(asked)));
        let told = without_shades(&shaded);
        assert_ne!(told, shaded, "what is delivered is shaded");
        let lines: Vec<_> = told.lines().collect();
        assert!(lines.len() <= 32, "{} lines: {told}", lines.len());
        assert!(lines[0].starts_with("Run "), "{told}");
        assert!(told.contains("dunder_import_native"), "{told}");
        let last = lines.last().expect("a line");
        assert!(last.starts_with("exit code 0: "), "{told}");
        let too_long = |line: &&&str| !is_place(line) && line.chars().count() > columns;
        assert_eq!(lines.iter().find(too_long), None, "{columns} columns: {told}");
    }
}

#[test]
fn the_last_line_says_why_for_each_way_to_end() {
    let wrong = PLAIN.replace("    find shop\n", "");
    for (text, last) in [
        (PLAIN, "exit code 0: "),
        (&wrong, "exit code 1: not everything could be judged: 1 scenario whose truth is in doubt"),
    ] {
        let folder = scenarios(&[("plain.yaml", text)]);
        let folder = folder.path().to_str().expect("UTF-8");
        let asked = ["check", "--scenarios", folder, "--python", &PYTHON, "--strategy", "audit"];
        let told = stdout(&output(xtask().args(asked)));
        assert!(told.lines().last().is_some_and(|line| line.starts_with(last)), "{told}");
    }
}
