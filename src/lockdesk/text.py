"""Words in two languages: `Text` for the course's own, `WORDS` for those of the interface."""

from __future__ import annotations

from typing import Annotated, Final, Literal

import msgspec

Lang = Literal["en", "zh"]
LANGS: Final[tuple[Lang, ...]] = ("en", "zh")
LANG_NAMES: Final[dict[Lang, str]] = {"en": "English", "zh": "中文"}
HTML_LANG: Final[dict[Lang, str]] = {"en": "en", "zh": "zh-CN"}


Word = Annotated[str, msgspec.Meta(min_length=1)]
"""A string that says something."""


class Text(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The same thought in both languages."""

    en: Word
    zh: Word

    def __getitem__(self, lang: Lang) -> str:
        return self.zh if lang == "zh" else self.en


WORDS: Final[dict[str, Text]] = {
    # What to do, by kind of question.
    "do-single": Text("Choose one.", "请选一项。"),
    "do-multi": Text("Tick all that apply.", "请选出所有正确的项（多选）。"),
    "do-order": Text("Put the steps in order. Move a step with its arrows.", "请排出先后顺序，用箭头移动各步。"),
    "do-match": Text("Choose a partner for each line.", "请为每一行选出对应项。"),
    "do-number": Text("Type a number.", "请填写数字。"),
    "do-written": Text("Write in your own words. It saves itself as you type.", "请用自己的话写，边写边自动保存。"),
    # Buttons and labels.
    "check": Text("Check", "检查答案"),
    "compare": Text("Compare with a model answer", "对照参考答案"),
    "hint": Text("Hint", "提示"),
    "reveal": Text("Show the answer", "显示答案"),
    "your-answer": Text("Your answer", "您的回答"),
    "choose": Text("Choose …", "请选择……"),
    "move-up": Text("Move up: {step}", "上移：{step}"),
    "move-down": Text("Move down: {step}", "下移：{step}"),
    "moved": Text("{step}: now number {place} of {count}.", "{step}：现在排第 {place}，共 {count} 步。"),
    "characters-left": Text("{count} characters left", "还可输入 {count} 字"),
    "mark-right": Text("Right", "正确"),
    "mark-wrong": Text("Not right", "不对"),
    "mark-missed": Text("Belongs to the answer", "也应选"),
    "model-answer": Text("A model answer", "参考答案"),
    "criteria": Text("A good answer contains", "好的回答应包括"),
    "belongs-to": Text("Belongs to: {target}", "对应：{target}"),
    "answer-and-why": Text("{answer} {unit}. {why}", "{answer} {unit}。{why}"),
    # Feedback.
    "right": Text("Right.", "回答正确。"),
    "right-again": Text("Right, at attempt {attempt}.", "回答正确（第 {attempt} 次）。"),
    "wrong": Text("Not yet. Read the reason, then try again.", "还不对。请看原因，再试一次。"),
    "wrong-number": Text("Not yet. Try again.", "还不对，请再试一次。"),
    "partly-multi": Text("{right} of {all} right ones ticked, {wrong} wrong.", "共 {all} 项正确，您选对 {right} 项，选错 {wrong} 项。"),
    "wrong-multi": Text("Not yet: {right} right, {wrong} wrong. Try again.", "还不对：选对 {right} 项，选错 {wrong} 项，请再试一次。"),
    "in-place": Text("{right} of {all} in the right place. Try again.", "{all} 步中有 {right} 步位置正确，请再试一次。"),
    "matched": Text("{right} of {all} matched. Try again.", "{all} 项中配对 {right} 项，请再试一次。"),
    "compared": Text("Compare your text with these points.", "请对照以下要点检查您的回答。"),
    "revealed": Text("This is the answer. It counts once you have given it yourself.", "这是正确答案。您自己作答一遍后才算完成。"),
    # What is missing before an answer can be checked.
    "need-single": Text("Choose an option first.", "请先选一项。"),
    "need-multi": Text("Tick at least one option first.", "请先至少勾选一项。"),
    "need-match": Text("Choose a partner for every line first.", "请先为每一行都选好对应项。"),
    "need-number": Text("Type a number first, in digits: 12, 1,280 or 0.5.", "请先用数字填写，例如 12、1,280 或 0.5。"),
    "need-written": Text("Write something first.", "请先写下您的回答。"),
    "need-other": Text("This answer does not fit the question. Run this cell again.", "答案与题目不符，请重新运行本单元格。"),
    # Saving.
    "saved": Text("Saved {time}.", "已保存（{time}）。"),
    "saving": Text("Saving …", "正在保存……"),
    "restored": Text("Your answer of {time}.", "您在 {time} 的回答。"),
    "restored-older": Text(
        "This question has changed since you answered it on {time}. Your earlier answer is kept, but please answer again.",
        "您在 {time} 答过本题，此后题目有改动。原答案仍保留，请重新作答。",
    ),
    "preview": Text("Preview: nothing is recorded here.", "预览：此处不记录任何答案。"),
    "not-saved": Text("Not saved.", "未保存。"),
    "no-reply": Text(
        "Not saved: the lesson's kernel does not reply. Choose Run ▸ Run All Cells, then answer again.",
        "未保存：课程内核没有响应。请选择“运行”▸“运行所有单元格”（英文菜单：Run ▸ Run All Cells），然后重新作答。",
    ),
    "cannot-write": Text(
        "Not saved: the course may not write to {detail}. Ask whoever set up this computer for access, then answer again.",
        "未保存：课程无权写入 {detail}。请找设置这台电脑的同事开通该文件夹的写入权限，然后重新作答。",
    ),
    "disk-full": Text(
        "Not saved: the disk is full. Free some space, then answer again. Your earlier answers are safe.",
        "未保存：磁盘已满。请清出空间后重新作答，之前的答案都在。",
    ),
    "not-ours": Text(
        "Not saved: {detail} is not an answer record of this course, so it was left as it is. Move it elsewhere, then answer again.",
        "未保存：{detail} 不是本课程的答题记录，已原样保留。请把它移到别处，然后重新作答。",
    ),
    "newer-log": Text(
        "Not saved: {detail} was written by a newer edition of this course and was left as it is. Update the course, then answer again.",
        "未保存：{detail} 由更高版本的课程写入，已原样保留。请先更新课程，然后重新作答。",
    ),
    "log-full": Text(
        "Not saved: your answer record has reached its limit of 20 MB. Ask your instructor how to put it aside.",
        "未保存：您的答题记录已达 20 MB 上限。请向讲师询问如何另存。",
    ),
    "log-nearly-full": Text(
        "Your answer record is {percent} % full. Tell your instructor soon.",
        "您的答题记录已用 {percent}%，请尽快告知讲师。",
    ),
    "too-long": Text(
        "Not saved: the answer is too long. Shorten it to {max} characters.",
        "未保存：回答过长，请缩短到 {max} 字以内。",
    ),
    # In an assignment.
    "points": Text("Points: {points}.", "分值：{points}。"),
    "keep-order": Text("Record this order", "确认此顺序"),
    "recorded-of": Text("{done} of {all} recorded.", "已记录 {done}/{all} 项。"),
    "withdrawn": Text("Taken back {time}: this question counts as not answered.", "已撤回（{time}）：本题按未作答计。"),
    "is-recorded": Text("Recorded.", "已记录。"),
    "not-recorded-for": Text(
        "Nothing is recorded yet for this question: {prompt} Answer it, then validate again.",
        "本题尚未记录答案：{prompt} 请先作答，再重新检查。",
    ),
    "call-not-begun": Text(
        "Nothing is recorded yet for this call: {title}. Take it and write its ticket, then validate again.",
        "这通来电尚未处理：{title}。请接听并提交工单，再重新检查。",
    ),
    "call-unfinished": Text(
        "This call is not finished: {title}. Write its ticket, then validate again.",
        "这通来电尚未完成：{title}。请提交工单，再重新检查。",
    ),
    "task-not-begun": Text(
        "Nothing is recorded yet for this task: {title} Work on the terminal and hand it over, then validate again.",
        "本任务尚未操作：{title} 请在终端上操作并交出终端，再重新检查。",
    ),
    "task-unfinished": Text(
        "This terminal is not handed over: {title} Hand it over, then validate again.",
        "终端尚未交出：{title} 请交出终端，再重新检查。",
    ),
    "call-rules": Text(
        "One try, and nothing here says right or wrong. The call counts as recorded once its ticket is written.",
        "只有一次机会，此处不提示对错；提交工单后才算已记录。",
    ),
    "call-closed": Text("The ticket is written, and the call is over.", "工单已提交，通话结束。"),
    "do-terminal-graded": Text(
        "Work on the terminal, then hand it over. Each step is saved. "
        "You may take a fresh terminal and begin again; the last one handed over counts.",
        "请在终端上操作，完成后交出终端；每一步都会自动保存。可以领一台新终端从头再做，以最后一次交出的为准。",
    ),
    "hand-over": Text("Hand over the terminal", "交出终端"),
    "fresh-terminal": Text("Take a fresh terminal", "领一台新终端"),
    "handed-over": Text(
        "Handed over, try {number}: this one counts. You may still take a fresh terminal.",
        "已交出（第 {number} 次），以这一次为准。仍可领一台新终端再做。",
    ),
    "earlier-counts": Text(
        "Try {number}. Until you hand this one over, the one handed over last counts.",
        "第 {number} 次。交出这一台之前，仍以上一次交出的为准。",
    ),
    "record-unreadable": Text(
        "The answer record {detail} cannot be read, so nobody knows what is recorded. Tell your instructor before you submit.",
        "无法读取答题记录 {detail}，不能确定已记录哪些答案。提交前请先告知讲师。",
    ),
    # The simulated terminal.
    "terminal-make": Text("Haylark H2", "禾雀 H2"),
    "terminal-free": Text("{make}: a terminal to try things out on", "{make}：随意试用的终端"),
    "do-terminal-free": Text("Nothing is recorded here, and nothing can be broken.", "此处不作记录，也弄不坏。"),
    "do-terminal": Text(
        "Work on the terminal. Each step is saved. Check whenever you like.", "请在终端上操作，每一步都会自动保存，随时可以检查。"
    ),
    "terminal-typing": Text(
        "Keys of the terminal. Type digits; Enter is OK, Backspace is Clear, Escape is Cancel.",
        "终端按键：可直接键入数字；回车键为确认，退格键为清除，Esc 键为取消。",
    ),
    "typing-hint": Text(
        "Click the display, then type: digits, Enter = OK, Backspace = Clear, Esc = Cancel.",
        "点一下屏幕即可用键盘：数字键、回车 = 确认、退格 = 清除、Esc = 取消。",
    ),
    "terminal-screen": Text("Display", "屏幕"),
    "terminal-keys": Text("Keypad", "键盘"),
    "terminal-lamps": Text("Lamps", "指示灯"),
    "terminal-card": Text("Card", "银行卡"),
    "terminal-hands": Text("By hand", "动手操作"),
    "terminal-receipt": Text("Last receipt", "最近一张小票"),
    "terminal-no-receipt": Text("Nothing printed yet.", "尚未打印。"),
    "terminal-slip": Text("Invented passwords, for practice", "练习用密码（均为虚构）"),
    "terminal-state": Text("Put the terminal in this state", "把终端设为"),
    "key-ok": Text("OK", "确认"),
    "key-clear": Text("Clear", "清除"),
    "key-cancel": Text("Cancel", "取消"),
    "key-menu": Text("Menu", "菜单"),
    "key-power": Text("Power", "电源"),
    "card-good": Text("Present a card", "出示银行卡"),
    "card-bad": Text("Present a card the issuer declines", "出示一张会被拒绝的卡"),
    "restart": Text("Restart", "重启"),
    "plug": Text("Put on the charger", "接上电源"),
    "unplug": Text("Take off the charger", "拔下电源"),
    "offline": Text("Take off the network", "断开网络"),
    "online": Text("Back on the network", "恢复网络"),
    "wait": Text("Wait ten minutes", "等十分钟"),
    "lamp-power": Text("Power", "电源"),
    "lamp-network": Text("Network", "网络"),
    "lamp-stored": Text("Not sent", "未上送"),
    "lamp-alarm": Text("Alarm", "报警"),
    "lamp-on": Text("on", "亮"),
    "lamp-off": Text("off", "灭"),
    "on-duty": Text("Operator {operator}", "操作员 {operator}"),
    "link-wifi": Text("Wi-Fi", "无线网"),
    "link-mobile": Text("Mobile", "移动网络"),
    "link-none": Text("No network", "无网络"),
    "battery": Text("Battery {percent} %", "电量 {percent}%"),
    "battery-charging": Text("Charging, {percent} %", "充电中 {percent}%"),
    "slip-operator": Text("Operator {operator}: {pin}", "操作员 {operator}：{pin}"),
    "slip-temporary": Text("Operator {operator}: {pin} (temporary)", "操作员 {operator}：{pin}（临时）"),
    "state-sound": Text("All well", "一切正常"),
    "state-operator-locked": Text("Operator locked", "操作员已锁定"),
    "state-temporary-password": Text("Temporary password for operator 02", "操作员 02 的密码为临时密码"),
    "state-journal-full": Text("Journal full", "流水已满"),
    "state-offline-sales": Text("Offline sales waiting to be sent", "有脱机交易待上送"),
    "state-key-missing": Text("Key missing", "密钥缺失"),
    "state-screen-lock": Text("Screen locked", "屏幕已锁定"),
    "state-tampered": Text("Tampered", "已触发防拆"),
    "start-over": Text("Start over", "重新开始"),
    "check-task": Text("Check", "检查结果"),
    "check-met": Text("Met", "已做到"),
    "check-missed": Text("Not met", "未做到"),
    "task-done": Text("Done: all {all} points met.", "完成：{all} 项要求全部做到。"),
    "task-partly": Text(
        "{met} of {all} points met, worth {percent}. Go on, or start over.",
        "{all} 项要求做到 {met} 项，得分 {percent}。可继续操作，或重新开始。",
    ),
    "need-terminal": Text("Do something on the terminal first.", "请先在终端上操作。"),
    "try-and-steps": Text("Try {number}, {steps} steps.", "第 {number} 次尝试，已操作 {steps} 步。"),
    "try-full": Text("This try has reached its {most} steps. Start over.", "本次尝试已达 {most} 步上限，请重新开始。"),
    "left-at": Text("As you left it at {time}.", "已恢复到您在 {time} 的操作进度。"),
    # Where a lesson is not alive.
    "asleep": Text(
        "Not alive here. In JupyterLab it wakes by itself; if it does not, choose Run ▸ Run All Cells.",
        "此处题目不能作答。在 JupyterLab 中打开会自动启用；如未启用，请选择“运行”▸“运行所有单元格”（英文菜单：Run ▸ Run All Cells）。",
    ),
    "broken-cell": Text("This cell cannot be shown", "此单元格无法显示"),
    "unknown-question": Text(
        "There is no question “{id}” in {where}.",
        "{where} 中没有题目“{id}”。",
    ),
    "did-you-mean": Text("Did you mean: {near}?", "是不是：{near}？"),
    "tell-author": Text(
        "This is a fault of the lesson and none of yours. Please tell whoever gave you the course; the other questions work.",
        "这是课程本身的差错，与您无关。请告知提供课程的同事；其他题目不受影响。",
    ),
    # The front page.
    "lesson": Text("Lesson", "课程"),
    "assignment": Text("Graded assignment", "评分作业"),
    "progress": Text("Progress", "进度"),
    "minutes": Text("{count} min", "{count} 分钟"),
    "not-started": Text("Not started", "未开始"),
    "started": Text("Started: {done} of {all}", "进行中：{done}/{all}"),
    "done": Text("Done: {all} of {all}", "已完成：{all}/{all}"),
    "practice": Text("Practice", "练习"),
    "desk": Text("The support desk", "服务台"),
    "desk-count": Text("{count} calls", "{count} 通来电"),
    "terminal": Text("Meet the terminal", "认识终端"),
    "terminal-count": Text("{count} tasks", "{count} 项任务"),
    "version": Text("Edition {version}", "版本 {version}"),
    "unreadable-not-ours": Text(
        "How far you are cannot be shown: {detail} is not an answer record of this course. It was left as it is; move it elsewhere.",
        "无法显示进度：{detail} 不是本课程的答题记录，已原样保留，请把它移到别处。",
    ),
    "unreadable-newer-log": Text(
        "How far you are cannot be shown: {detail} was written by a newer edition of this course. Update the course.",
        "无法显示进度：{detail} 由更高版本的课程写入，请更新课程。",
    ),
    "unreadable-cannot-write": Text(
        "How far you are cannot be shown: the answer record in {detail} may not be read. Ask whoever set up this computer for access.",
        "无法显示进度：无权读取 {detail} 中的答题记录，请找设置这台电脑的同事开通权限。",
    ),
}


def word(name: str, lang: Lang, **values: object) -> str:
    """The interface's words called `name`, in `lang`, with `{placeholders}` filled in.

    Raises:
        KeyError: no such words, or a placeholder without its value.
    """
    return WORDS[name][lang].format(**values)
