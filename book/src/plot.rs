//! Plots of the benchmarks, drawn by `cargo bench`: SVG with a text alternative of its
//! own, one file per language.

use std::fs;

use lab::texts::Lang;

use crate::fault::{Fault, Problem};
use crate::place::Course;

/// The plot within a page: part of it, so that it takes on the page's colours.
pub(crate) fn figure(
    course: &Course,
    lang: Lang,
    name: &str,
) -> Result<String, Fault> {
    let path = course.plot(lang, name);
    let svg = fs::read_to_string(&path).map_err(|error| {
        Problem::new("fault-plot").with("error", error).at(&path, 1)
    })?;
    if !svg.starts_with("<svg ") {
        let problem = Problem::new("fault-plot").with("error", "<svg …>?");
        return Err(problem.at(&path, 1));
    }
    // In Markdown an empty line ends a block of HTML.
    let lines: Vec<&str> =
        svg.lines().filter(|line| !line.trim().is_empty()).collect();
    Ok(format!("<figure class=\"plot\">\n{}\n</figure>", lines.join("\n")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn course_with(svg: &str) -> (tempfile::TempDir, Course) {
        let folder = tempfile::tempdir().unwrap();
        let course = Course::new(folder.path());
        let path = course.plot(Lang::Fr, "echo");
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, svg).unwrap();
        (folder, course)
    }

    #[test]
    fn a_plot_is_one_block_of_html() {
        let (_folder, course) =
            course_with("<svg class=\"plot\">\n\n<g/>\n</svg>\n");
        let figure = figure(&course, Lang::Fr, "echo").unwrap();
        assert!(figure.contains("<svg class=\"plot\">\n<g/>\n</svg>"));
        assert!(!figure.contains("\n\n"), "{figure}");
    }

    #[test]
    fn what_is_no_plot_is_told() {
        let (_folder, course) = course_with("version https://git-lfs\n");
        for name in ["echo", "nothing"] {
            let fault = figure(&course, Lang::Fr, name).unwrap_err();
            assert_eq!(fault.problem.key, "fault-plot");
        }
    }
}
