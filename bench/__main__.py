"""`make bench`: what speed is, as ratios side by side in one run. Prints a line `NAME RATIO` each; less is better but where it says more.

import  front door and first question in a fresh kernel / `import ipywidgets` in a fresh kernel
click   a click in a question until its feedback shows / a click in plain ipywidgets RadioButtons until its feedback shows,
        in the same page, answers on tmpfs
fsync   recording an answer on this disk / recording it on tmpfs, without a browser
grade-nbgrader  CPU of stock nbgrader a submission / CPU of ours; more is better
"""

from __future__ import annotations

from bench import clicks, disk, grading, imports


def main() -> None:
    for name, measure in (("import", imports.ratio), ("click", clicks.ratio), ("fsync", disk.ratio), ("grade-nbgrader", grading.ratio)):
        print(f"{name} {measure():.2f}", flush=True)


if __name__ == "__main__":
    main()
