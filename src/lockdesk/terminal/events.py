"""Everything that can happen to the simulated terminal, as tagged values (`do` names the kind in TOML and in the act log)."""

from __future__ import annotations

from typing import Literal

import msgspec

from .state import CodeName, Part, RemoteLock, Task

Key = Literal["0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "ok", "clear", "cancel", "menu", "power"]
Card = Literal["good", "declined", "pin-blocked", "no-answer"]
"""How the issuer answers for a card: approved, refused, its PIN tries exceeded, or not at all (which reverses an online sale)."""


class _Event(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="do"):
    pass


# By the person in front of the device.
class Press(_Event, frozen=True, tag="press"):
    """One key of the keypad."""

    key: Key


class PresentCard(_Event, frozen=True, tag="present-card"):
    """A card is held to the device, which does something only while it asks for one."""

    card: Card = "good"


class LogOn(_Event, frozen=True, tag="log-on"):
    """An operator gives a PIN."""

    operator: str
    pin: str


class EnterCode(_Event, frozen=True, tag="enter-code"):
    """Somebody gives the code of a function."""

    name: CodeName
    value: str


class ChangeCode(_Event, frozen=True, tag="change-code"):
    """The user replaces a temporary code by a new one; `who` is an operator's id or the name of a code."""

    who: str
    value: str


class Sale(_Event, frozen=True, tag="sale"):
    """A sale of `amount` fen with a card; without network it is stored."""

    amount: int
    card: Card = "good"


class Void(_Event, frozen=True, tag="void"):
    """Cancel a sale of the open batch, or a stored one, for its full amount (docs/domain.md E)."""

    trace: int


class GiveBack(_Event, frozen=True, tag="refund"):
    """A refund: a new transaction, possibly partial."""

    amount: int


class Authorise(_Event, frozen=True, tag="pre-authorise"):
    """Open a pre-authorisation."""

    amount: int


class Complete(_Event, frozen=True, tag="complete"):
    """Turn an open pre-authorisation into a sale."""

    trace: int


class Cancel(_Event, frozen=True, tag="cancel"):
    """Give an open pre-authorisation up."""

    trace: int


class SignIn(_Event, frozen=True, tag="sign-in"):
    """Sign in at the host: proves the terminal, fetches working keys and the time."""


class Upload(_Event, frozen=True, tag="upload"):
    """Send the stored sales. `remote`: triggered through the TMS, so nobody has to touch the screen."""

    remote: bool = False


class Settle(_Event, frozen=True, tag="settle"):
    """Close the batch. Stored sales are not part of it (docs/domain.md C2 G6)."""

    remote: bool = False


class ClearBatch(_Event, frozen=True, tag="clear-batch"):
    """Delete stored sales and batch without settling (docs/domain.md C2 G6: never a shortcut)."""


class MenuReset(_Event, frozen=True, tag="menu-reset"):
    """Somebody resets the device on site without the fleet owner: an untrusted reset."""


# Physical.
class Power(_Event, frozen=True, tag="power"):
    """Switch on or off."""

    on: bool


class Restart(_Event, frozen=True, tag="restart"):
    """Off and on again, in order."""


class PowerCut(_Event, frozen=True, tag="power-cut"):
    """Mains and battery fail together: the clock is lost."""


class Plug(_Event, frozen=True, tag="plug"):
    """Put the device on its charger, or take it off."""

    on: bool


class Connect(_Event, frozen=True, tag="connect"):
    """Choose a network, or none."""

    link: Literal["mobile", "wifi", "none"]


class Isolate(_Event, frozen=True, tag="isolate"):
    """Stop using the device and take it off every network; `on` false ends it."""

    on: bool = True


class ChangeSim(_Event, frozen=True, tag="change-sim"):
    """What is wrong with the SIM card, or that it is right again."""

    sim: Literal["ready", "pin-locked", "suspended", "missing"]


class Move(_Event, frozen=True, tag="move"):
    """Carry the device somewhere else, or back."""

    to: Literal["registered", "elsewhere"]


class Hurt(_Event, frozen=True, tag="hurt"):
    """The sensors fire: the case is opened, the device is dropped or frozen, or its backup cell is flat."""

    by: Literal["opened", "dropped", "cold", "cell"]


class BreakTouch(_Event, frozen=True, tag="break-touch"):
    """The touch screen and the keys go dead; everything else works on."""


class LockScreen(_Event, frozen=True, tag="lock-screen"):
    """An update closes the payment app and the device falls back to its lock screen."""


class CallTms(_Event, frozen=True, tag="call-tms"):
    """The device calls its TMS for a download."""


class Wait(_Event, frozen=True, tag="wait"):
    """Time passes, in minutes."""

    minutes: int


# By host, TMS, fleet owner, acquirer.
class Lock(_Event, frozen=True, tag="lock"):
    """The acquirer or the owner locks the terminal."""

    kind: RemoteLock


class Lift(_Event, frozen=True, tag="lift"):
    """R3: the one who decides lifts a lock; a location is registered anew by it."""

    kind: RemoteLock


class Block(_Event, frozen=True, tag="block"):
    """The host refuses this serial for now; `on` false ends it."""

    on: bool = True


class Spoil(_Event, frozen=True, tag="spoil"):
    """A part of the set-up stops being right: keys fail, the app expires, parameters go, the TMS changes its credential."""

    part: Literal["keys", "application", "parameters", "credential"]


class AdminReset(_Event, frozen=True, tag="admin-reset"):
    """R1: the merchant's administrator sets a new code; `who` is an operator's id, "supervisor" or "refund"."""

    who: str
    value: str


class ClearCode(_Event, frozen=True, tag="clear-code"):
    """R2: the TMS clears one code and leaves a temporary one; `who` is an operator's id or the name of a code."""

    who: str
    value: str


class Push(_Event, frozen=True, tag="push"):
    """R2, and the steps after R4 and R5: the TMS sends one part of the set-up, or the SIM card's owner releases it."""

    part: Part


class ApplyToken(_Event, frozen=True, tag="apply-token"):
    """R4: a vendor-issued token, good for one serial and for models that allow it."""

    serial: str


class Wipe(_Event, frozen=True, tag="wipe"):
    """R5: the TMS erases the device, which stays with its owner."""


class Swap(_Event, frozen=True, tag="swap"):
    """R6: a new unit takes over. With `receipts` the host traces what the old unit never sent."""

    serial: str
    receipts: bool = False


class Queue(_Event, frozen=True, tag="queue"):
    """The TMS queues a task, which runs when time passes and the device is online."""

    task: Task


class DropTasks(_Event, frozen=True, tag="drop-tasks"):
    """The TMS stops what is queued."""


Event = (
    Press
    | PresentCard
    | LogOn
    | EnterCode
    | ChangeCode
    | Sale
    | Void
    | GiveBack
    | Authorise
    | Complete
    | Cancel
    | SignIn
    | Upload
    | Settle
    | ClearBatch
    | MenuReset
    | Power
    | Restart
    | PowerCut
    | Plug
    | Connect
    | Isolate
    | ChangeSim
    | Move
    | Hurt
    | BreakTouch
    | LockScreen
    | CallTms
    | Wait
    | Lock
    | Lift
    | Block
    | Spoil
    | AdminReset
    | ClearCode
    | Push
    | ApplyToken
    | Wipe
    | Swap
    | Queue
    | DropTasks
)
