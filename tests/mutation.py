"""What the scripts that break the course's programs share (the two mutants.py)."""

import shutil
import subprocess


def copy_tree(root, copy):
    """The working tree, without what git ignores, as a new folder."""
    files = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=root, capture_output=True, text=True, check=True,
    ).stdout.splitlines()
    shutil.rmtree(copy, ignore_errors=True)
    for name in files:
        if (root / name).is_file():
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(root / name, copy / name)


def say_out_of_date(folder, mutants):
    """Says which mutants name words that are no longer in their file, below this folder;
    the exit status."""
    status = 0
    for name, file, old, *_ in mutants:
        if old not in (folder / file).read_text():
            print(f"{name}: these words are not in {file}")
            status = 1
    return status
