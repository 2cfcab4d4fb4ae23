//! A copy of the course for one test, and a cargo that does as the exercise says.

use std::env;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::LazyLock;
use std::sync::atomic::{AtomicUsize, Ordering};

use lab::course::Step;
use lab::{Output, until};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

/// Stands in for cargo. A remark in the exercise says how the build goes.
const CARGO: &str = r#"#!/bin/sh
for word; do
  [ "$last" = --bin ] && bin=$word
  [ "$last" = --color ] && colour=$word
  last=$word
done
file=exercises/${bin#ex}.rs
case $(head -n 1 "$file") in
  "// slow"*) exec ./sleeper ;;
  "// waits"*)
    echo "    Blocking waiting for file lock on build directory" >&2
    exec ./sleeper ;;
  "// broken"*)
    red='' plain=''
    [ "$colour" = always ] && red='\u001b[31m' plain='\u001b[0m'
    printf '%s%s%s%s%s\n' '{"reason":"compiler-message","message":{"message":"x",' \
      '"rendered":"' "$red" "error[E0000]$plain: it is broken" '\n"}}'
    exit 101 ;;
esac
program=$(sed -n 's|^// program: ||p' "$file")
[ "$program" ] || program=$(command -v true)
printf '{"reason":"compiler-artifact","target":{"name":"%s"},"executable":"%s"}\n' \
  "$bin" "$program"
"#;

/// Does nothing, as two processes, and writes down which.
pub(crate) const SLEEPER: &str = r#"#!/bin/sh
sleep 600 &
echo $$ $! >> "${0%/*}/sleepers"
wait
"#;

/// The same, and says something.
const SERVER: &str = r#"#!/bin/sh
echo at your service
exec "${0%/*}/sleeper"
"#;

/// The text of an exercise from which this program comes.
pub(crate) fn runs(program: &str) -> String {
    match program {
        "true" => "// nothing\n".to_string(),
        _ => format!("// program: {program}\n"),
    }
}

/// A solution, compiled once for all tests.
pub(crate) fn solution(name: &str) -> String {
    static FOLDER: LazyLock<PathBuf> = LazyLock::new(|| {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let output = Command::new(cargo)
            .args(["build", "--package", "causette", "--message-format=json"])
            .args(["--bin", "01_blocking_echo"])
            .current_dir(root)
            .output()
            .expect("cargo runs");
        let said = String::from_utf8_lossy(&output.stdout);
        let found = said.split("\"executable\":\"").nth(1);
        let path = found.and_then(|rest| rest.split('"').next());
        let path = path.map(PathBuf::from).expect("it compiles");
        path.parent().expect("it's in a folder").to_path_buf()
    });
    FOLDER.join(name).display().to_string()
}

/// A folder with the exercises as they are handed out. Gone at the end of the test.
pub(crate) struct Course {
    path: PathBuf,
    /// Ours, not the script.
    has_cargo: bool,
}

impl Course {
    pub(crate) fn new() -> Self {
        static COUNT: AtomicUsize = AtomicUsize::new(0);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let name = format!("causette-watch-{}-{count}", std::process::id());
        let course =
            Self { path: env::temp_dir().join(name), has_cargo: false };
        fs::create_dir_all(course.path.join("exercises")).expect("it's new");
        for (name, text) in
            [("cargo", CARGO), ("sleeper", SLEEPER), ("server", SERVER)]
        {
            let file = course.path.join(name);
            fs::write(&file, text).expect("written");
            fs::set_permissions(&file, fs::Permissions::from_mode(0o755))
                .expect("it's ours");
        }
        course.hand_out();
        course
    }

    /// With the real cargo, and what it needs. Always at the same place, so that what
    /// was compiled once stays good.
    pub(crate) fn with_cargo() -> Self {
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("watch-course");
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(path.join("exercises")).expect("it's new");
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let manifest =
            fs::read_to_string(root.join("Cargo.toml")).expect("it's there");
        let (head, rest) =
            manifest.split_once("default-members").expect("it is");
        let (_, rest) = rest.split_once('\n').expect("it ends");
        let (_, head) = head.split_once('\n').expect("it's the second line");
        assert!(head.starts_with("members"), "{head}");
        let manifest =
            format!("[workspace]\nmembers = [\"exercises\"]\n{rest}");
        // The harness is for the tests of the course.
        let manifest: Vec<&str> = manifest
            .lines()
            .filter(|line| !line.starts_with("lab = "))
            .collect();
        fs::write(path.join("Cargo.toml"), manifest.join("\n"))
            .expect("written");
        for file in ["Cargo.lock", "exercises/Cargo.toml"] {
            fs::copy(root.join(file), path.join(file)).expect("copied");
        }
        for folder in ["src", "solutions", "examples"] {
            copy(&root.join(folder), &path.join(folder));
        }
        let course = Self { path, has_cargo: true };
        course.hand_out();
        course
    }

    fn hand_out(&self) {
        let skeletons = Path::new(env!("CARGO_MANIFEST_DIR")).join("skeletons");
        for step in Step::ALL {
            let name = format!("{}.rs", step.name());
            let to = self.path.join("exercises").join(&name);
            fs::copy(skeletons.join(&name), to).expect("copied");
        }
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    pub(crate) fn exercise(&self, step: &str) -> PathBuf {
        let step = Step::named(step).expect("it's a step");
        self.path.join("exercises").join(format!("{}.rs", step.name()))
    }

    /// As an editor saves: there is no half of it.
    pub(crate) fn save(&self, step: &str, text: &str) {
        let file = self.exercise(step);
        let half = file.with_extension("rs.saving");
        fs::write(&half, text).expect("written");
        fs::rename(&half, &file).expect("renamed");
    }

    fn environment(&self, lang: &str) -> Vec<(&'static str, String)> {
        let path = |name: &str| self.path.join(name).display().to_string();
        let mut all = vec![
            ("CAUSETTE_ROOT", path("")),
            ("CAUSETTE_PROGRESS", path("progress.txt")),
            ("LC_ALL", lang.to_string()),
            ("TERM", "xterm-256color".to_string()),
        ];
        if self.has_cargo {
            // One for all runs of this test.
            let target = concat!(env!("CARGO_TARGET_TMPDIR"), "/watch-target");
            all.push(("CARGO_TARGET_DIR", target.to_string()));
        } else {
            all.push(("CARGO", path("cargo")));
            all.push(("CARGO_TARGET_DIR", path("target")));
        }
        all
    }

    /// `cargo lab` for a terminal.
    pub(crate) fn lab(&self, lang: &str) -> pty_process::blocking::Command {
        pty_process::blocking::Command::new(env!("CARGO_BIN_EXE_lab"))
            .env_remove("NO_COLOR")
            .envs(self.environment(lang))
    }

    /// `cargo lab` without one.
    pub(crate) fn command(&self, lang: &str) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_lab"));
        command.envs(self.environment(lang));
        command
    }

    /// What it says without a terminal, and its exit status.
    pub(crate) fn say(&self, lang: &str, arguments: &[&str]) -> (i32, String) {
        let mut lab = self
            .command(lang)
            .args(arguments)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("it's started");
        let stdout = lab.stdout.take().map(Output::of).unwrap_or_default();
        let stderr = lab.stderr.take().map(Output::of).unwrap_or_default();
        let status = until(|| lab.try_wait().ok().flatten());
        let _ = lab.kill();
        let _ = lab.wait();
        let said = stdout.last_words() + &stderr.last_words();
        let Some(status) = status else { panic!("it doesn't end:\n{said}") };
        (status.code().unwrap_or(-1), said)
    }

    /// A wrong server of `lab/wrong`, as a program of its own.
    pub(crate) fn wrong(&self, name: &str) -> String {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let all = lab::cast::wrong_in_rust(&root).expect("they compile");
        let is_there = all.iter().any(|it| it.name == name);
        assert!(is_there, "there is no {name}");
        let built = solution("wrong");
        let file = self.path.join(name);
        let script = format!("#!/bin/sh\nexec '{built}' {name} \"$1\"\n");
        fs::write(&file, script).expect("written");
        fs::set_permissions(&file, fs::Permissions::from_mode(0o755))
            .expect("it's ours");
        file.display().to_string()
    }

    /// Where the picture of a failure of this step lies.
    pub(crate) fn picture(&self, step: &str) -> PathBuf {
        let step = Step::named(step).expect("it's a step");
        self.path.join("target/lab").join(format!("{}.html", step.name()))
    }

    pub(crate) fn sleeper(&self) -> String {
        self.path.join("sleeper").display().to_string()
    }

    pub(crate) fn server(&self) -> String {
        self.path.join("server").display().to_string()
    }

    /// The processes of the sleepers, once there are some.
    pub(crate) fn expect_sleepers(&self) -> Vec<u32> {
        let read = || fs::read_to_string(self.path.join("sleepers")).ok();
        let pids = |text: String| -> Vec<u32> {
            text.split_whitespace().filter_map(|it| it.parse().ok()).collect()
        };
        until(|| read().map(pids).filter(|pids| pids.len() > 1))
            .expect("a sleeper is started")
    }

    pub(crate) fn forget_sleepers(&self) {
        let _ = fs::remove_file(self.path.join("sleepers"));
    }

    pub(crate) fn expect_progress(&self, words: &str) {
        let read = || fs::read_to_string(self.path.join("progress.txt"));
        let is_there =
            || read().ok().filter(|text| text.contains(words)).map(|_| ());
        if until(is_there).is_none() {
            panic!("expected {words} in the progress:\n{:?}", read());
        }
    }
}

impl Drop for Course {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.path);
    }
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("it's new");
    for entry in fs::read_dir(from).expect("it's there").flatten() {
        let to = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &to);
        } else {
            fs::copy(entry.path(), to).expect("copied");
        }
    }
}

pub(crate) fn is_alive(pids: &[u32]) -> bool {
    pids.iter().all(|&pid| lab::is_alive(pid))
}

pub(crate) fn end(pids: &[u32]) {
    for &pid in pids {
        let _ = kill(Pid::from_raw(pid.cast_signed()), Signal::SIGKILL);
    }
}

pub(crate) fn expect_dead(pids: &[u32]) {
    let is_dead = || !pids.iter().any(|&pid| lab::is_alive(pid));
    until(|| is_dead().then_some(()))
        .unwrap_or_else(|| panic!("some of {pids:?} are still there"));
}
