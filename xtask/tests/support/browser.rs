//! A real browser, told what to do over a pipe (the protocol of its developer tools).

use std::{
    fs::File,
    io::{self, BufRead as _, BufReader, Write as _},
    os::fd::OwnedFd,
    path::PathBuf,
    process::{Child, Stdio},
    sync::mpsc::{self, Receiver},
    thread,
    time::Duration,
};

use command_fds::{CommandFdExt as _, FdMapping};
use data_encoding::BASE64;
use serde_json::{Value, json};
use tempfile::TempDir;

/// What no answer should take, on a machine however busy.
const PATIENT: Duration = Duration::from_mins(1);

/// Chromium, headless, with one page.
pub(crate) struct Browser {
    child: Child,
    requests: File,
    answers: Receiver<Value>,
    session: String,
    last: u64,
    /// What it has written to its console as an error or a warning.
    pub(crate) complaints: Vec<String>,
    _profile: TempDir,
}

/// Where Chromium is. Where it is not, that is said, with what was not tried; where tests must show something, it fails
/// them.
pub(crate) fn chromium(what: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    let names = ["chromium", "chromium-browser", "google-chrome"];
    let places = std::env::split_paths(&path).flat_map(|folder| names.map(|it| folder.join(it)));
    let found = places.into_iter().find(|place| place.is_file());
    if found.is_none() {
        let is_ci = std::env::var_os("CI").is_some_and(|it| it == "true");
        assert!(!is_ci, "no chromium was found on PATH, and CI=true: {what} must be tried");
        eprintln!("skipped: no chromium was found on PATH; {what} was not tried");
    }
    found
}

impl Browser {
    /// Starts it; nothing where there is none.
    pub(crate) fn start(what: &str) -> Option<Self> {
        let mut command = super::command(chromium(what)?.to_str().expect("UTF-8"));
        let profile = tempfile::tempdir().expect("a folder");
        command.args(["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic"]);
        command.args(["--no-first-run", "--disable-background-networking", "--disable-sync"]);
        command.args(["--disable-component-update", "--hide-scrollbars"]);
        command.arg(format!("--user-data-dir={}", profile.path().display()));
        command.arg("--remote-debugging-pipe").stdout(Stdio::null()).stderr(Stdio::null());
        let (its_requests, requests) = io::pipe().expect("a pipe");
        let (answers, its_answers) = io::pipe().expect("a pipe");
        // the numbers are part of what `--remote-debugging-pipe` means
        let mappings = vec![
            FdMapping { parent_fd: its_requests.into(), child_fd: 3 },
            FdMapping { parent_fd: its_answers.into(), child_fd: 4 },
        ];
        command.fd_mappings(mappings).expect("no number twice");
        let child = command.spawn().expect("it starts");
        drop(command);
        let (requests, answers) = (File::from(OwnedFd::from(requests)), heard(answers));
        let mut browser = Self {
            child,
            requests,
            answers,
            session: String::new(),
            last: 0,
            complaints: Vec::new(),
            _profile: profile,
        };
        let target = browser.call("Target.createTarget", &json!({ "url": "about:blank" }));
        let asked = json!({ "targetId": target["targetId"], "flatten": true });
        let session = browser.call("Target.attachToTarget", &asked);
        session["sessionId"].as_str().expect("a session").clone_into(&mut browser.session);
        for domain in ["Page.enable", "Runtime.enable", "Log.enable"] {
            browser.call(domain, &json!({}));
        }
        Some(browser)
    }

    /// Opens a page and waits until it has loaded.
    pub(crate) fn open(&mut self, url: &str) {
        // an address that differs in its `#` alone would load nothing
        for url in ["about:blank", url] {
            self.call("Page.navigate", &json!({ "url": url }));
            self.until(|message| message["method"] == "Page.loadEventFired");
        }
    }

    /// Whether it is a phone, or a screen, of this size.
    pub(crate) fn resize(&mut self, width: u32, height: u32) {
        let size = json!({
            "width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600,
        });
        self.call("Emulation.setDeviceMetricsOverride", &size);
    }

    /// Whether the page is to be light or dark.
    pub(crate) fn colours(&mut self, scheme: &str) {
        let features = json!({ "features": [{ "name": "prefers-color-scheme", "value": scheme }] });
        self.call("Emulation.setEmulatedMedia", &features);
    }

    /// What an expression of JavaScript comes to; of a promise, what it promises.
    pub(crate) fn evaluate(&mut self, expression: &str) -> Value {
        let asked = json!({
            "expression": expression, "awaitPromise": true, "returnByValue": true, "userGesture": true,
        });
        let answer = self.call("Runtime.evaluate", &asked);
        assert!(answer["exceptionDetails"].is_null(), "{expression}: {answer}");
        answer["result"]["value"].clone()
    }

    /// Presses a key that has a name, and lets it go.
    pub(crate) fn press(&mut self, key: &str) {
        let (text, code) = if key == "Enter" { ("\r", 13) } else { ("", 0) };
        for kind in ["keyDown", "keyUp"] {
            let told = json!({
                "type": kind, "key": key, "code": key, "text": text, "windowsVirtualKeyCode": code,
            });
            self.call("Input.dispatchKeyEvent", &told);
        }
    }

    /// What is in the window, as a PNG.
    pub(crate) fn picture(&mut self) -> Vec<u8> {
        let taken = self.call("Page.captureScreenshot", &json!({ "format": "png" }));
        BASE64.decode(taken["data"].as_str().expect("a text").as_bytes()).expect("base 64")
    }

    fn call(&mut self, method: &str, params: &Value) -> Value {
        self.last += 1;
        let id = self.last;
        let mut request = json!({ "id": id, "method": method, "params": params });
        if !self.session.is_empty() {
            request["sessionId"] = self.session.as_str().into();
        }
        write!(self.requests, "{request}\0").expect("it reads");
        let answer = self.until(|message| message["id"] == id);
        assert!(answer["error"].is_null(), "{method}: {answer}");
        answer["result"].clone()
    }

    fn until(&mut self, is_it: impl Fn(&Value) -> bool) -> Value {
        loop {
            let message = self.answers.recv_timeout(PATIENT).expect("an answer of the browser");
            self.complaints.extend(complaint(&message));
            if is_it(&message) {
                return message;
            }
        }
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Its messages as they come; each ends with a zero.
fn heard(answers: io::PipeReader) -> Receiver<Value> {
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        let messages = BufReader::new(answers).split(0);
        let messages = messages.map_while(Result::ok);
        messages
            .map(|message| serde_json::from_slice(&message).expect("it speaks JSON"))
            .take_while(|message: &Value| sender.send(message.clone()).is_ok())
            .count()
    });
    receiver
}

fn complaint(message: &Value) -> Option<String> {
    let (method, params) = (message["method"].as_str()?, &message["params"]);
    let is_one = match method {
        "Runtime.exceptionThrown" => true,
        "Runtime.consoleAPICalled" => params["type"] == "error" || params["type"] == "warning",
        "Log.entryAdded" => params["entry"]["level"] == "error",
        _ => false,
    };
    is_one.then(|| params.to_string())
}
