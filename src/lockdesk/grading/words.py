"""What the grader's side says, in both languages: to a grader in Formgrader and in the last table, to a learner in the feedback."""

from __future__ import annotations

from typing import Final

from ..text import Lang, Text

WORDS: Final[dict[str, Text]] = {
    # Why a question earned nothing.
    "blank": Text("No answer was recorded.", "没有记录答案。"),
    "other-edition": Text(
        "The answer was given to another edition of this question and counts nothing.", "所记录的答案针对本题的另一版本，不计分。"
    ),
    "unusable": Text("What was recorded is no answer to this question and counts nothing.", "所记录的内容不构成本题的答案，不计分。"),
    "blank-call": Text("This call was not taken.", "这通来电没有处理。"),
    "blank-task": Text("Nothing was done on this terminal.", "这台终端没有操作。"),
    "unfinished-call": Text("No ticket was written. The call is graded as it stands.", "没有提交工单，按已进行的部分评分。"),
    "unfinished-task": Text("The terminal was not handed over. It is graded as it stands.", "终端没有交出，按已进行的部分评分。"),
    # What a person should look at.
    "flag-missing": Text("There is no answer record.", "没有答题记录文件。"),
    "flag-link": Text("The answer record is a link, which was not followed.", "答题记录是一个链接，未予读取。"),
    "flag-not-a-file": Text("The answer record is no ordinary file.", "答题记录不是普通文件。"),
    "flag-unreadable": Text("The answer record cannot be read: {detail}.", "无法读取答题记录：{detail}。"),
    "flag-too-big": Text("The answer record is over the limit of 20 MB ({detail} bytes).", "答题记录超过 20 MB 上限（{detail} 字节）。"),
    "flag-bad-lines": Text("Lines that are no entries were left out: {detail}.", "已跳过无法识别的行：{detail}。"),
    "flag-foreign": Text("It holds answers to questions that are not asked here: {detail}.", "其中有本作业以外的题目：{detail}。"),
    "flag-other-edition": Text("It holds answers to another edition: {detail}.", "其中有针对另一版本的答案：{detail}。"),
    "flag-other-learner": Text("The answers were recorded under another name: {detail}.", "答案是以其他用户名记录的：{detail}。"),
    "flag-other-variant": Text(
        "Calls or tasks were done with the numbers of another name: {detail}.", "来电或任务所用的是另一用户名的数据：{detail}。"
    ),
    "flag-classmate": Text(
        "The answers were recorded as {detail}, who is in this class.", "答案是以 {detail} 的用户名记录的，此人也在本班。"
    ),
    "flag-same-answers": Text(
        "It shares recorded lines, to the millisecond, with {detail}.", "其中有记录与 {detail} 的完全相同（时间精确到毫秒）。"
    ),
    "flag-other-owner": Text("It was put into the exchange by another account: {detail}.", "该提交由另一账户放入共享文件夹：{detail}。"),
    "flag-left-out": Text("Not collected, for only answers are: {detail}.", "仅收取答题记录，以下内容未收取：{detail}。"),
    "flag-not-collected": Text("The submission could not be collected: {detail}.", "无法收取该提交：{detail}。"),
    "flag-timestamp": Text("Its timestamp is no time and was put aside: {detail}.", "提交时间无法识别，已搁置：{detail}。"),
    "flag-late": Text("Handed in late.", "逾期提交。"),
    # Calls and tasks.
    "checks": Text("What counted", "评分项目"),
    "mark-met": Text("Met", "达到"),
    "mark-partly": Text("Partly met", "部分达到"),
    "mark-missed": Text("Not met", "未达到"),
    "mark-fine": Text("Points off", "扣分"),
    "mark-cap": Text("Limit", "上限"),
    "mark-breach": Text("Breach", "违规"),
    "of": Text("{earned} of {possible}", "{earned}/{possible}"),
    "at-most": Text("at most {points}", "最高 {points} 分"),
    "points-of": Text("{earned} of {possible} points", "{possible} 分得 {earned} 分"),
    "read-by-person": Text("{possible} points, given by a person who reads it", "{possible} 分，由讲师人工评分"),
    "minute": Text("minute {at}", "第 {at} 分钟"),
    "step": Text("step {at}", "第 {at} 步"),
    "timeline": Text("What was done, and what followed", "做了什么，带来了什么"),
    "sum-met": Text("requirements met {points}", "达到要求 {points} 分"),
    "sum-off": Text("points off {points}", "扣 {points} 分"),
    "sum": Text("Together: {parts}; that is {earned}.", "合计：{parts}；得 {earned} 分。"),
    # The feedback page.
    "by-objective": Text("Points by objective", "各项目标得分"),
    "objective": Text("Objective", "目标"),
    "points": Text("Points", "得分"),
    "revise": Text("What to revise", "建议复习"),
    "nothing-to-revise": Text(
        "Nothing in particular: you earned most of the points of every objective.", "各项目标的大部分分数都已得到，没有特别需要复习的。"
    ),
    "in-lesson": Text(" – lesson {number}: {title}", "——第 {number} 课：{title}"),
    "one-by-one": Text("One by one", "逐题反馈"),
    "unread": Text("not read yet", "待批阅"),
    "not-all-read": Text(
        "Your written answer has not been read yet; its points are not in this sum.", "书面回答尚未批阅，其得分不在此数中。"
    ),
    "penalty": Text("Handed in late: {points} points were taken off.", "逾期提交，扣 {points} 分。"),
    "changed-by-hand": Text("These points were set by your instructor.", "本题得分由讲师评定。"),
    "check": Text("Requirement", "要求"),
    "mark": Text("Outcome", "结果"),
    "comment": Text("Your instructor’s comment", "讲师评语"),
    "criterion-head": Text("Criterion", "评分点"),
    "criterion-number": Text("Criterion {number}", "评分点 {number}"),
    # Headings.
    "answer": Text("Recorded answer", "所记录的答案"),
    "for-grader": Text("For the grader only", "仅供评分人"),
    "look-at": Text("Please look at this", "请留意"),
    "key": Text("Key", "标准答案"),
    "criteria": Text("Criteria", "评分标准"),
    "criterion": Text("up to {points}: {text}", "最多 {points} 分：{text}"),
    "sample": Text("A sample answer", "参考答案"),
    "right": Text("right", "对"),
    "wrong": Text("not right", "不对"),
    "reason": Text("Why", "说明"),
    "by-hand": Text(
        "Graded by a person, by these criteria; the comment above reaches the learner.", "请按以下标准人工评分；上方评语会返给学员。"
    ),
}


def say(name: str, lang: Lang, **values: object) -> str:
    """The words called `name` in `lang`, with `{placeholders}` filled in."""
    return WORDS[name][lang].format(**values)
