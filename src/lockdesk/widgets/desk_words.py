"""The words of the support desk on the page, in both languages."""

from __future__ import annotations

from typing import Final

from ..text import Lang, Text

DESK_WORDS: Final[dict[str, Text]] = {
    "clock": Text("Minute {minute}", "第 {minute} 分钟"),
    "minutes": Text("{count} min", "{count} 分钟"),
    "conversation": Text("The call", "通话"),
    "lookups": Text("Look it up", "查系统"),
    "tab-view-merchant": Text("Merchant", "商户档案"),
    "tab-view-devices": Text("Device list", "终端台账"),
    "tab-view-tms": Text("TMS", "远程管理"),
    "tab-view-host": Text("Host", "主机账目"),
    "tab-view-contract": Text("Contract", "合同"),
    "tab-view-history": Text("History", "历史记录"),
    "open-tab": Text("Open", "打开"),
    "open-again": Text("Look again", "再查一次"),
    "as-of": Text("As of minute {minute}", "第 {minute} 分钟查得"),
    "not-opened": Text("Not looked up yet.", "尚未查询。"),
    "acts": Text("What you do", "您的操作"),
    "terminal": Text("Terminal", "终端"),
    "no-terminal": Text(
        "No serial number yet: ask who is calling, or open the device list.", "还没有序列号：请先询问来电人，或查终端台账。"
    ),
    "which-terminal": Text("Choose the terminal first.", "请先选择终端。"),
    "read-out": Text("as read out", "来电人所报"),
    "write-ticket": Text("Write the ticket and close the call", "填写工单并结束通话"),
    "ticket-note": Text("What you write here is your testimony. After it nothing can be changed.", "工单就是您的陈述，提交后不能再改。"),
    "lock_class": Text("What is locked", "锁的是什么"),
    "authority": Text("Who decides", "由谁决定"),
    "option": Text("What was done", "采取的方案"),
    "reason": Text("Reason", "原因"),
    "money": Text("Where the money is", "款项在哪里"),
    "amount": Text("Sum at stake (¥)", "涉及金额（元）"),
    "close-ticket": Text("Close the ticket", "提交工单"),
    "you": Text("You", "您"),
    "caller": Text("Caller", "来电人"),
    "desk": Text("Desk", "服务台"),
    "screen": Text("Screen", "屏幕"),
    "meanwhile": Text("Meanwhile", "与此同时"),
    "world": Text("Call", "通话"),
    "incomplete": Text("The ticket needs every field, and a sum in digits (0 if none).", "请填写工单各项，金额用数字（没有则填 0）。"),
    "no-such-act": Text("That cannot be done here. Run this cell again.", "此处无法执行，请重新运行本单元格。"),
    "too-many": Text("300 acts are more than any call needs. Close the ticket.", "已执行 300 步，任何来电都用不了这么多，请提交工单。"),
    "debrief": Text("Debrief", "复盘"),
    "percent": Text("{percent} of 100, try {count}", "100 分得 {percent} 分（第 {count} 次）"),
    "ceiling": Text("at most {points}", "最高 {points} 分"),
    "fine": Text("−{points}", "−{points}"),
    "ends": Text("How this call could end, the least destructive first", "这通电话可以怎样收尾（破坏最小的在前）"),
    "money-before": Text("Money when the telephone rang", "来电时款项在哪里"),
    "money-after": Text("Money at the end", "结束时款项在哪里"),
    "no-money": Text("nothing at stake", "没有涉及款项"),
    "timeline": Text("What you did, and what it caused", "您做了什么，带来了什么"),
    "checks": Text("What counted", "评分项目"),
    "met": Text("Met", "达到"),
    "missed": Text("Missing", "缺少"),
    "source": Text("Source: docs/domain.md, {source}", "依据：docs/domain.md，{source}"),
    "again": Text("Try again", "再来一次"),
    "task-desk": Text("A call. Ask, look up, verify, act; then write the ticket.", "一通来电：先问、先查、先核验，再处理，最后填工单。"),
}


def say(name: str, lang: Lang, **values: object) -> str:
    """The words called `name` in `lang`, with `{placeholders}` filled in."""
    return DESK_WORDS[name][lang].format(**values)
