#!/usr/bin/env python3
"""Scores rules on real and invented command lines, beside the conditions of other tools.

    detect.py --tool PATH [--check] [--report FILE] [FOLDER ...]

Each FOLDER holds `miner-commands.tsv` and `benign-commands.tsv`: no header, five columns, which are
id, source, family or category, environment (shell-quoted, or -), command (shell-quoted). One of the
files may be missing. Without a folder: the project's own lines, its lookalikes (innocent lines that
have part of what a rule asks for: none may be blocked), and CORPUS or ../shared/corpus if it is there.
A line is judged by its arguments, its environment and the base name of its first word.
`--check` makes the exit status 1 if a threshold is missed or, of the own lines, a rule has none.
`--report` writes the tables between the markers of a Markdown file.
"""

import argparse
import collections
import json
import os
import re
import shlex
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
OWN = os.path.join(ROOT, "Tests/Fixtures/commands")
LOOKALIKES = os.path.join(ROOT, "Tests/Fixtures/lookalikes")
OTHERS = os.path.join(ROOT, "Tests/Fixtures/others")
# Shell scripts and preparations around a miner: ordinary hosts run some of them, too.
APART = ("dropper", "xmrig-setup")
# Recall and false alarms, of all rules and of those that can block.
THRESHOLDS = {"all": (0.93, 0.003), "blocking": (0.85, 1 / 3000)}
BEGIN, END = "<!-- begin: make detect -->", "<!-- end: make detect -->"

Line = collections.namedtuple("Line", "id kind command exec")


def read(folder, name):
    lines = []
    if not os.path.exists(os.path.join(folder, name)):
        return lines
    with open(os.path.join(folder, name), encoding="utf-8") as file:
        for row in file:
            columns = row.rstrip("\n").split("\t")
            if len(columns) != 5:
                sys.exit(f"detect: {folder}/{name}: not five columns: {row!r}")
            identifier, _, kind, environment, command = columns
            argv = shlex.split(command)
            envp = [] if environment == "-" else shlex.split(environment)
            name_of_program = os.path.basename(argv[0].rstrip("/")) or argv[0]
            shown = command if environment == "-" else f"{environment} {command}"
            event = {"exe": name_of_program, "argv": argv, "envp": envp}
            lines.append(Line(identifier, kind, shown, event))
    return lines


def ask(tool, rules, lines):
    """What matches each line: a list of (id, whether it could block)."""
    text = "".join(json.dumps(line.exec) + "\n" for line in lines)
    command = [tool, "explain", "--rules", rules, "--json", "--stdin"]
    answer = subprocess.run(command, input=text, capture_output=True, text=True)
    if answer.returncode != 0 or answer.stderr:
        sys.exit(f"detect: {rules}: {answer.stderr or answer.stdout[:2000]}")
    results = [json.loads(row) for row in answer.stdout.splitlines()]
    if len(results) != len(lines):
        sys.exit(f"detect: {len(lines)} lines asked about, {len(results)} answers")
    return [[(m["rule_id"], m["blockable"]) for m in r["matches"]] for r in results]


class Score:
    """Matches of one rule set on one folder."""

    def __init__(self, tool, rules, miners, benign):
        self.miners = list(zip(miners, ask(tool, rules, miners)))
        self.benign = list(zip(benign, ask(tool, rules, benign)))

    @staticmethod
    def hits(matches, grade):
        return [rule for rule, blocks in matches if blocks or grade == "all"]

    def figures(self, grade):
        """Found and all miners, apart from some families; false alarms and all benign lines."""
        miners = [(line, m) for line, m in self.miners if line.kind not in APART]
        found = sum(bool(self.hits(m, grade)) for _, m in miners)
        alarms = sum(bool(self.hits(m, grade)) for _, m in self.benign)
        return found, len(miners), alarms, len(self.benign)

    def by_kind(self, lines):
        table = {}
        for line, matches in lines:
            row = table.setdefault(line.kind, [0, 0, 0])
            row[0] += 1
            row[1] += bool(self.hits(matches, "all"))
            row[2] += bool(self.hits(matches, "blocking"))
        return table


def percent(part, whole):
    return f"{100 * part / whole:.1f} %" if whole else "-"


def print_score(title, score):
    print(f"\n== {title}")
    for grade in THRESHOLDS:
        found, miners, alarms, benign = score.figures(grade)
        print(f"{grade:9} recall {found}/{miners} = {percent(found, miners)},"
              f" false alarms {alarms}/{benign} = {percent(alarms, benign)}")
    print("\nfamily                     lines  all  blocking")
    for kind, (count, everything, blocking) in sorted(score.by_kind(score.miners).items()):
        apart = "  (apart)" if kind in APART else ""
        print(f"{kind:26} {count:5} {everything:4} {blocking:9}{apart}")
    alarming = {k: r for k, r in score.by_kind(score.benign).items() if r[1]}
    for kind, (count, everything, blocking) in sorted(alarming.items()):
        print(f"benign {kind:19} {count:5} {everything:4} {blocking:9}")
    for grade in THRESHOLDS:
        for line, matches in score.miners:
            if not score.hits(matches, grade) and (grade == "all" or matches):
                rules = " ".join(rule for rule, _ in matches)
                print(f"missed ({grade}) {line.id} [{line.kind}] {line.command[:200]} {rules}")
    for line, matches in score.benign:
        if matches:
            hits = " ".join(rule + ("!" if blocks else "") for rule, blocks in matches)
            print(f"FALSE ALARM {line.id} [{line.kind}] {hits}: {line.command[:300]}")


def table_of(title, scores):
    """A Markdown table of rule sets on one folder."""
    rows = ["", f"{title}:", "", "| rules | miners found | false alarms |", "|---|---|---|"]
    for name, grade, score in scores:
        found, miners, alarms, benign = score.figures(grade)
        rows.append(f"| {name} | {found} of {miners} ({percent(found, miners)}) |"
                    f" {alarms} of {benign} ({percent(alarms, benign)}) |")
    return rows


def kinds_table(title, score):
    rows = ["", f"{title}, by family:", "", "| family | lines | all rules | blocking |",
            "|---|---|---|---|"]
    for kind, row in sorted(score.by_kind(score.miners).items()):
        rows.append("| " + " | ".join([kind + (" (apart)" if kind in APART else "")]
                                      + [str(number) for number in row]) + " |")
    return rows


def write_report(path, rows):
    with open(path, encoding="utf-8") as file:
        text = file.read()
    pattern = re.escape(BEGIN) + ".*?" + re.escape(END)
    if not re.search(pattern, text, re.S):
        sys.exit(f"detect: {path} lacks the lines '{BEGIN}' and '{END}'")
    new = "\n".join([BEGIN] + rows + ["", END])
    with open(path, "w", encoding="utf-8") as file:
        file.write(re.sub(pattern, lambda _: new, text, flags=re.S))


def rule_ids(folder):
    for name in sorted(os.listdir(folder)):
        with open(os.path.join(folder, name), encoding="utf-8") as file:
            rules = file.read().partition("\nrules:")[2]
            yield from re.findall(r"^  - id: (\w+)", rules, re.M)


def folders(given):
    if given:
        return given
    corpus = os.environ.get("CORPUS") or os.path.join(ROOT, "../shared/corpus")
    if not os.path.isdir(corpus):
        if os.environ.get("CORPUS"):
            sys.exit(f"detect: CORPUS={corpus} is no folder")
        print(f"detect: no {os.path.relpath(corpus, ROOT)}; the project's own lines only")
        return [OWN, LOOKALIKES]
    return [OWN, LOOKALIKES, corpus]


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--tool", required=True, help="the executable minewarden")
    parser.add_argument("--rules", default=os.path.join(ROOT, "rules"))
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--report", metavar="FILE")
    parser.add_argument("folder", nargs="*")
    options = parser.parse_args()
    failures, report = [], []
    for folder in folders(options.folder):
        own = os.path.samefile(folder, OWN)
        lookalikes = os.path.samefile(folder, LOOKALIKES)
        title = ("The project's own lines" if own else
                 "Lookalikes, written against the rules" if lookalikes else "Collected lines")
        miners, benign = read(folder, "miner-commands.tsv"), read(folder, "benign-commands.tsv")
        if not miners and not benign:
            sys.exit(f"detect: {folder} holds no lines")
        score = Score(options.tool, options.rules, miners, benign)
        print_score(f"{title} ({folder})", score)
        scores = [("minewarden, all rules", "all", score),
                  ("minewarden, rules that can block", "blocking", score)]
        for name in sorted(os.listdir(OTHERS)):
            other = Score(options.tool, os.path.join(OTHERS, name), miners, benign)
            with open(os.path.join(OTHERS, name), encoding="utf-8") as file:
                scores.append((file.readline().strip("# \n"), "all", other))
        report += table_of(title, scores)
        if miners:
            report += kinds_table(title, score)
        print("\n".join(table_of(title, scores)))
        for grade, (recall, alarms) in THRESHOLDS.items():
            if lookalikes and grade == "all":
                continue
            found, count, false, benign_count = score.figures(grade)
            if found < recall * count:
                failures.append(f"{folder}: {grade}: recall below {recall}")
            if false > alarms * benign_count:
                failures.append(f"{folder}: {grade}: more false alarms than {alarms:.5f}")
        if own:
            seen = {rule for _, matches in score.miners for rule, _ in matches}
            failures += [f"no own line for rule {rule}"
                         for rule in rule_ids(options.rules) if rule not in seen]
    if options.report:
        write_report(options.report, report)
    for failure in failures:
        print(f"detect: {failure}")
    print(f"\ndetect: {'failed' if failures else 'all thresholds met'}")
    return 1 if options.check and failures else 0


if __name__ == "__main__":
    sys.exit(main())
