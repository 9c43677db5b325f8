"""The numbers of the Doha baseline for the plain SimPy model, read from the scenario file without `sim`.

Besides the numbers themselves, everything is computed here that no run changes, because plain Python pays for each
operation: what a step of the mean path costs by its length (`path_rows`), what three standing moves mean together
(`settings_of`), and the tuples that put all numbers of a hot loop into local variables in one statement.
"""

from __future__ import annotations

from itertools import pairwise
from math import exp, floor, log
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from plain_shape import check_shape
from ruamel.yaml import YAML

BASELINE = Path(__file__).resolve().parents[1] / "scenarios" / "doha_2020" / "baseline.yaml"
G, T, U = 0, 1, 2
ACTORS = ("government", "taliban", "us")
SETTLEMENT, VOID, CIVIL_WAR, COLLAPSE = "settlement", "deal_void", "civil_war", "government_collapse"
MILESTONES = (
    "first_release", "thousandth", "all_counted", "captives_complete", "troops_8600", "quarter_of_land", "half_of_land",
)  # fmt: skip
QUANTITIES = {
    "persons_freed(taliban_prisoners)": "freed",
    "persons_counted(taliban_prisoners)": "counted",
    "persons_freed(government_captives)": "home",
    "troop_count(us_troops)": "troops",
    "territory": "land",
}
PAYOFF_TERMS = (
    (
        "attacks", "aid_lost", "territory", "cohesion", "talks", "freed(taliban_prisoners)", "on_offence",
        "deaths(taliban_fighters, cities)",
    ),
    ("counted(taliban_prisoners)", "troops_gone", "territory", "talks", "reputation", "surge"),
    (
        "troops", "attacks", "territory", "counted(taliban_prisoners)", "talks", "threat", "paused",
        "sanctuary_risk", "deaths(taliban_fighters, foreigners)",
    ),
)  # fmt: skip
BEYOND = ("talks", "territory", "counted(taliban_prisoners)")
TARGETS = ("army", "cities", "foreigners")
YEAR = 365.25
PATH_STEPS = 4
EDGE = 1e-9  # shares are kept this far from 0 and 1, where log-odds end


def plain(node: Any) -> Any:
    """Replace each {value, source ...} by its value."""
    if isinstance(node, dict):
        return plain(node["value"]) if "value" in node else {key: plain(item) for key, item in node.items()}
    return [plain(item) for item in node] if isinstance(node, list) else node


def path_lengths(window: int, held: int) -> list[int]:
    """Return the days of the steps of the mean path: those for which a move is held, if any, then equal ones."""
    if 0 < held < window:
        first, steps = [held], PATH_STEPS - 1
    else:
        first, steps = [], PATH_STEPS
    ends = [floor((window - sum(first)) * k / steps + 0.5) for k in range(steps + 1)]
    return first + [after - before for before, after in pairwise(ends) if after > before]


def gone_through(x: float) -> float:
    """Return which share of an even inflow over a step has passed on by its end, x times its mean stay."""
    return 1.0 - (1.0 - exp(-x)) / x


def off_the_edge(share: float) -> float:
    """Return a share that is neither 0 nor 1."""
    return min(max(share, EDGE), 1.0 - EDGE)


def log_odds(share: float) -> float:
    """Return the log-odds of a share."""
    share = off_the_edge(share)
    return log(share / (1.0 - share))


def land_after(land: float, balance: float, push: float, bandwagon: float, kept: float) -> float:
    """Return the share of land that the Taliban hold after a step, whose log-odds are drawn to those of the contest.

    `push` is what the efforts of both sides and the start say of where they come to rest, and `kept` the part of the
    distance to it that a step leaves.
    """
    rest = push + bandwagon * log_odds(balance)
    return off_the_edge(1.0 / (1.0 + exp(-rest - (log_odds(land) - rest) * kept)))


def read_move(
    move: dict[str, Any], taliban: dict[str, Any], levels: dict[str, float], promised: int
) -> SimpleNamespace:
    """Return the settings of one move; its violence by target, and in all by the targets' shares.

    A release that names no number stops at what was promised.
    """
    posture = taliban["posture"][move["violence"]] if "violence" in move else 1.0
    by_target = isinstance(posture, dict)
    on = [posture[target] if by_target else posture for target in TARGETS]
    shares = [taliban["targets"][target]["share"] for target in TARGETS]
    release: Any = move.get("release")
    release = None if release in (None, "none") else release
    then = (release or {}).get("then", {})
    drawdown = move.get("drawdown")
    return SimpleNamespace(
        releases=release is not None,
        per_day=release["per_day"] if release else 0,
        until=release.get("until", promised) if release else 0,
        theirs=bool(release) and release["list"] == "claimant",
        then_persons=then.get("amount", 0),
        then_every=then.get("every_days", 0),
        guarantee=move.get("guarantee", "none"),
        offence=move.get("posture") == "offence",
        violence_on=on,
        violence=sum(share * level for share, level in zip(shares, on, strict=True)) if by_target else posture,
        refuses=move.get("talks") == "refuse",
        blocked=move.get("blocked_by_dispute", False),
        pace=drawdown["pace"] if isinstance(drawdown, dict) else 0.0 if drawdown == "none" else 1.0,
        air=levels[move["support"]] if "support" in move else 1.0,
        expects=move["pressure"]["expects"] if "pressure" in move else None,
        gives_in=move.get("pressure", {}).get("gives_in", 1.0),
        last=0 if release is None else promised if then else release.get("until", promised),
    )


def breaks_annex(n: SimpleNamespace, old: SimpleNamespace, new: SimpleNamespace) -> bool:
    """Return whether a change of the Taliban's move ends what the annex says: fire held on cities and foreigners."""
    return max(old.violence_on[1:]) <= n.view["pledge"] < max(new.violence_on[1:])


def read_milestone(condition: str) -> tuple[str, float, int]:
    """Return the attribute of a run that a milestone is about, its level, and 1 if reached from below, else -1."""
    quantity, comparison, level = condition.split()
    return QUANTITIES[quantity], float(level), 1 if comparison == ">=" else -1


def read_numbers(path: Path = BASELINE) -> SimpleNamespace:
    """Read the scenario file into plain numbers, and compute what does not change from run to run."""
    file = plain(YAML(typ="safe").load(path))
    check_shape(file, dict(zip(ACTORS, PAYOFF_TERMS, strict=True)), BEYOND)
    deal, world, actors = file["deal"], file["world"], [file["actors"][name] for name in ACTORS]
    ours, theirs = deal["captives"]["taliban_prisoners"], deal["captives"]["government_captives"]
    taliban, army, isis = (world["armed_forces"][f] for f in ("taliban_fighters", "afghan_forces", "isis_k"))
    aid, office, view = world["aid_flows"]["us_aid"], world["offices"]["presidency"], world["reputation"]
    attacks, dual, epidemic = taliban["attacks"], office["dual"], world["epidemic"]
    n = SimpleNamespace(deal=deal, world=world, horizon=file["horizon_days"], deadlines=deal["deadlines"])
    # actors
    levels = world["contest"]["support_levels"]
    n.moves = [[read_move(move, taliban, levels, ours["promised"]) for move in a["moves"].values()] for a in actors]
    n.names = [list(a["moves"]) for a in actors]
    n.opening = [names.index(a["opening_move"]) for names, a in zip(n.names, actors, strict=True)]
    n.pause, n.threaten = n.names[U].index("pause"), n.names[U].index("threaten")
    n.asked = n.names[G].index(n.moves[U][n.threaten].expects)
    guard = actors[U]["moves"]["pause"]["when"].split()
    n.pause_after, n.pause_below = float(guard[2]), float(guard[-1].rstrip(")"))
    n.demand_freed = int(actors[U]["moves"]["threaten"]["pressure"]["until"].split()[-1])
    n.dated = [(row["day"], n.names[T].index(row["move"])) for row in actors[T]["scheduled_moves"]]
    n.reconsiders = [1.0 - exp(-1.0 / a["reconsiders_days"]) for a in actors]
    n.answers = [[ACTORS.index(name) for name in a.get("answers", [])] for a in actors]
    n.lam, n.inertia = [a["rule"]["lam_per_util"] for a in actors], [a["rule"]["inertia_util"] for a in actors]
    n.rho = [a["discount_per_year"] / YEAR for a in actors]
    n.terms = [[a["payoff"]["per_year"][key] / YEAR for key in k] for a, k in zip(actors, PAYOFF_TERMS, strict=True)]
    n.beyond = [[a["payoff"]["beyond_window"][key] for key in BEYOND] for a in actors]
    n.at_outcome = [a["payoff"]["at_outcome"] for a in actors]
    n.terms_of_land = [a["payoff"]["terms"][SETTLEMENT]["territory"] for a in actors]
    n.changes_course = [a["payoff"]["once"]["changes_course"] for a in actors]
    n.reversal = actors[G]["payoff"]["once"]["reverses_refusal"]
    n.before_talks = actors[G]["payoff"]["once"]["releases_before_talks"]
    n.breaks_pledge = [a["payoff"]["once"]["breaks_pledge"] for a in actors]
    n.leaving = actors[U]["types"]["leaving_anyway"]
    n.spread = file["payoff_spread"]["lognormal_sd"]
    # captives
    n.promised, n.cap, n.vetting = ours["promised"], ours["held"], ours["vetting_per_day"]
    n.lag_mean, n.lag_shape = ours["setup_lag_days"]["mean"], ours["setup_lag_days"]["shape"]
    n.counted = (ours["counted_at_once"]["own"], ours["counted_at_once"]["claimant"])
    n.count_share = 1.0 - exp(-1.0 / ours["verify_backlog_days"])
    n.returns, n.back_share = ours["returns"], 1.0 - exp(-1.0 / ours["returns"]["delay_days"])
    drawn = n.returns["probability"]["beta"]
    n.return_expected = drawn[0] / sum(drawn)
    n.commanders, n.fighters = ours["commanders"]["held"], ours["commanders"]["fighters_each"] / 1000.0
    n.cost = ours["cost_per_1000"]
    # hard cases last: the integral of 1 + h (R / R_p)^x over a batch is its size plus a difference of this power
    n.cost_power = n.cost["exponent"] + 1.0
    n.cost_harder = n.cost["hardest_last"] * n.promised / n.cost_power
    n.dispute = ours["dispute"]
    n.promised_back, n.per_captive = theirs["promised"], theirs["reciprocates"]["per_captive"]
    # forces
    n.fighters_start, n.turnover = taliban["strength_thousand"], taliban["turnover_per_day"]
    n.attrition = taliban["attrition"]
    n.reference, n.excited = attacks["per_day"], attacks["self_excited_share"]
    n.base = n.reference * (1.0 - n.excited) / n.fighters_start ** attacks["capacity_exponent"]
    n.kept = exp(-1.0 / attacks["relax_days"])
    aims = [taliban["targets"][target] for target in TARGETS]
    n.shares, n.deaths = [aim["share"] for aim in aims], [aim["deaths_per_attack"] for aim in aims]
    n.attributed = [1.0 - aim["unattributed_share"] for aim in aims]
    n.mass_per_attack = aims[1]["mass_casualty_per_attack"]
    n.minded = [target in world["reputation"]["minds"]["us"] for target in TARGETS]
    n.seen_annex = max(share for share, minded in zip(n.attributed, n.minded, strict=True) if minded)
    n.soldiers, n.decay, n.noise = army["strength_thousand"], army["decay_per_day"], army["noise_per_sqrt_day"]
    n.operations = [army["operations"][posture] for posture in ("defence", "offence")]
    n.isis, isis_on = isis["attacks"]["per_day"], [isis["targets"][target] for target in ("cities", "taliban")]
    n.isis_shares, n.isis_deaths = [aim["share"] for aim in isis_on], [aim["deaths_per_attack"] for aim in isis_on]
    n.isis_mass = isis_on[0]["mass_casualty_deaths"]
    n.isis_talks, n.blamed = isis["while_talks_open"], isis["blamed_on"]["share"]
    n.air, n.air_power, n.pay = (world["contest"][key] for key in ("air_support", "air_exponent", "aid"))
    n.land = world["territory"]
    n.land_kept = exp(-n.land["per_day"])
    support = 1.0 + n.air * n.moves[U][n.opening[U]].air + n.pay
    n.odds = log(n.fighters_start / (n.soldiers * support))
    # troops, aid, office, views
    troops = deal["withdrawal"]["us_troops"]
    (first, second), n.troops = troops["steps"], troops["start"]
    n.first_day = first["day"]
    later = (first["left"] - second["left"]) / (second["day"] - first["day"])
    n.paces = ((n.troops - first["left"]) / first["day"], later)
    n.aid, n.cut = aid["usd_bn_per_year"], aid["cut_usd_bn"]
    n.max_cuts, n.cut_rate = aid["max_cuts"], aid["executes_per_day"]
    n.office, n.dual, n.dual_rate = office, dual, 1.0 / dual["mean_days"]
    n.heal = exp(-1.0 / office["revert_days"])
    n.view = view
    n.epidemic = (epidemic["from_day"], epidemic["to_day"])
    n.epidemic_cost, n.epidemic_weight = epidemic["release_cost_factor"], epidemic["captives_weight_factor"]
    n.milestones = {name: read_milestone(file["milestones"][name]["when"]) for name in MILESTONES}
    n.breakdown = deal["talks"]["breaks_down"]["per_day"] * world["profiteers"]["breakdown_factor"]
    n.opens_at = float(deal["talks"]["opens_when"].split(">=")[1])
    n.void_paused, n.lag_expected = deal["outcomes"][VOID]["factors"]["pause"]["then"], floor(n.lag_mean + 0.5)
    windows = [(a["rule"]["horizon_days"], a["rule"].get("holds_days", 0)) for a in actors]
    n.holds = [0 < held < window for window, held in windows]
    n.paths = [path_rows(n, actor, path_lengths(*windows[actor])) for actor in (G, T, U)]
    n.on_day = day_numbers(n)
    n.on_path = path_numbers(n)
    n.settings = [[[settings_of(n, g, t, u) for u in n.moves[U]] for t in n.moves[T]] for g in n.moves[G]]
    return n


def day_numbers(n: SimpleNamespace) -> tuple[Any, ...]:
    """Return the numbers of the hazards and drifts, in the order in which `Run.days` unpacks them."""
    ends, office = n.deal["outcomes"], n.office
    talking, settling, voiding, warring, collapsing = (
        hazard["factors"]
        for hazard in (n.deal["talks"]["opens"], *(ends[k] for k in (SETTLEMENT, VOID, CIVIL_WAR, COLLAPSE)))
    )
    weakness, land = warring["weakness"], collapsing["land"]
    return (
        n.opens_at, n.deal["talks"]["opens"]["per_day"], -talking["split_office"]["slope"], n.breakdown,
        ends[SETTLEMENT]["per_day"], settling["trust"]["floor"], settling["troops"]["floor"],
        -settling["split_office"]["slope"], settling["quiet"]["at_zero"], -settling["quiet"]["slope"],
        ends[VOID]["until_day"], voiding["distrust"]["at_zero"], -voiding["talks"]["slope"], ends[CIVIL_WAR]["per_day"],
        weakness["midpoint"], -weakness["width"], ends[COLLAPSE]["per_day"], land["midpoint"], land["width"],
        n.attrition["without_troops"], n.turnover * n.fighters_start, n.decay["aid_lost"], n.decay["troops_gone"],
        n.decay["attacks"], -office["attacks_per_day"] * office["revert_days"],
        *(n.land[key] for key in ("held_at_start", "bandwagon", "surrenders", "recruits")), n.air_power,
    )  # fmt: skip


def path_numbers(n: SimpleNamespace) -> tuple[Any, ...]:
    """Return the other numbers of the mean path, in the order in which `values_of_moves` unpacks them."""
    view, aim = n.view, log(n.view["pledge"])
    return (
        n.reference, n.base, n.promised, n.cap, n.vetting,
        *n.shares, *n.attributed, *(deaths["mean"] for deaths in n.deaths[1:]), n.blamed * n.isis * n.isis_shares[0],
        *(n.isis * share * deaths["mean"] for share, deaths in zip(n.isis_shares, n.isis_deaths, strict=True)),
        n.office["per_100_killed"]["cities"] / 100.0 * n.office["revert_days"], n.isis_talks, view["start"],
        view["clip_per_week"], 2.0 * aim, aim * aim, view["gain"] / (2.0 * view["sd_log"] ** 2),
        n.dual["resolved_logit"], n.troops, n.first_day, n.soldiers,
        n.pay, n.aid, n.cut, n.max_cuts, n.returns["risk_at_first"], n.returns["risk_per_share_freed"],
        n.cost_power, n.cost_harder, n.cost["if_talks_open"] - 1.0, *n.epidemic, n.epidemic_cost,
        n.dispute["if_uncounted_over"], n.commanders, n.fighters,
    )  # fmt: skip


def settings_of(n: SimpleNamespace, g: SimpleNamespace, t: SimpleNamespace, u: SimpleNamespace) -> tuple[Any, ...]:
    """Return what three standing moves mean for a mean path, in the order in which `values_of_moves` unpacks it."""
    void, office = n.deal["outcomes"][VOID], n.office
    quiet, surge = t.violence <= n.view["pledge"], t.violence > 1.0
    surge_on_spared = max(t.violence_on[1:]) > 1.0
    release_scale = n.cost["base"] * (n.cost["if_quiet"] if quiet else n.cost["if_not_quiet"]) / 1000.0
    quiet_share = office["freed_if_quiet_share"]
    # land: who fights presses, who holds fire leaves a garrison
    pressing = n.land["garrison"] + (1.0 - n.land["garrison"]) * t.violence
    effort = log(pressing / (n.land["offence"] if g.offence else 1.0))
    return (
        g.releases,
        g.theirs,
        *t.violence_on,
        quiet,
        surge,
        t.refuses,
        g.offence,
        not t.refuses,
        u.expects is not None,
        u.pace == 0.0,
        n.decay["base"] + (n.decay["on_offence"] if g.offence else 0.0),
        n.turnover * (n.attrition["offence"] if g.offence else n.attrition["defence"]),
        void["per_day"] * void["factors"]["surge"]["then" if surge_on_spared else "otherwise"],
        n.paces[0] * u.pace,
        n.paces[1] * u.pace,
        n.air * u.air,
        g.per_day,
        g.until,
        g.then_persons / g.then_every if quiet and g.then_persons else 0.0,
        n.counted[g.theirs],
        n.returns["guarantee"][g.guarantee],
        release_scale * (n.cost["claimant_list"] if g.theirs else 1.0),
        log_odds(n.land["held_at_start"]) + n.land["bandwagon"] * (effort - n.odds),
        office["per_1000_freed"] / 1000.0 * (quiet_share + (1.0 - quiet_share) * t.violence),
    )


def path_rows(n: SimpleNamespace, actor: int, lengths: list[int]) -> list[tuple[float, ...]]:
    """Return for each step of an actor's mean path what depends on its length and place alone, after an empty start."""
    rows: list[tuple[float, ...]] = [()]
    elapsed, rho = 0, n.rho[actor]
    backlog, delay = n.deal["captives"]["taliban_prisoners"]["verify_backlog_days"], n.returns["delay_days"]
    for days in lengths:
        discount, later = exp(-rho * elapsed), exp(-rho * (elapsed + days))
        kept = exp(-days / n.world["armed_forces"]["taliban_fighters"]["attacks"]["relax_days"])
        rows.append(
            (
                days,
                0.5 * discount * ((1.0 - exp(-rho * days)) / rho if rho > 0.0 else days),
                0.5 * (discount + later),
                kept,
                n.excited * (1.0 - kept),
                exp(-days / n.view["forget_days"]),
                days / 7.0,
                1.0 / (n.reference * days),
                exp(-days / n.office["revert_days"]),
                1.0 - exp(-days / delay),
                gone_through(days / delay),
                1.0 - exp(-days / backlog),
                gone_through(days / backlog),
                exp(-days / n.dispute["mean_days"]),
                1.0 - exp(-n.dispute["opens_per_day"] * days),
                1.0 - exp(-days * n.dual_rate),
                1.0 - exp(-days * n.cut_rate),
                exp(-days * n.land["per_day"]),
            )
        )
        elapsed += days
    return rows
