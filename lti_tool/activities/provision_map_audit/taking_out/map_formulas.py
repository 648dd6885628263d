"""The live formulas of a row of the map: the same rules as `figures/costing.py`, in Excel's words.

Each function gives the formula for one row; `p` holds the letters of every column. Nothing is
worked out from an empty cell: the formula then says "not known". Rules that read oddly (bought-in
provision, staff without pay) are explained in `costing.py`.
"""

from __future__ import annotations

from collections.abc import Mapping

Places = Mapping[str, str]
_TYPED = (
    "name", "area", "tier", "target_group", "start_on", "end_on", "weeks", "sessions_per_week",
    "minutes_per_session", "group_size", "groups", "pupils_reached", "other_cost",
)  # fmt: skip


def row_formulas(p: Places, roles: int, row: int, rates: str) -> dict[str, str]:
    """Formulas by column key.

    :param row: the row's number as Excel counts.
    :param rates: the two columns of role and rate, such as Rates!$A$4:$B$40.
    """
    at = {key: f"{letters}{row}" for key, letters in p.items()}
    found = {
        f"rate.{number}": _rate_used(at[f"role.{number}"], at[f"own.{number}"], rates)
        for number in range(1, roles + 1)
    }
    used = f"COUNTA({at[_TYPED[0]]}:{at[_TYPED[-1]]},{_listed(at, 'role', roles)})"
    named = f"COUNTA({_listed(at, 'role', roles)})"
    found["staff"] = _staff_in_words(at, roles)
    found["adults"] = f'=IF({named}=0,"",{_sum_over(at, roles, "{adults}")})'
    found["hour_cost"] = (
        f'=IF({named}=0,"",IF(COUNT({_listed(at, "rate", roles)})<{named},"not known",'
        f"{_sum_over(at, roles, '{adults}*{rate}')}))"
    )
    groups = f'IF({at["groups"]}="",1,{at["groups"]})'
    found["session_hours"] = _when_used(
        used,
        f"IF(COUNT({at['minutes_per_session']},{at['sessions_per_week']},{at['weeks']})<3,"
        f'"not known",{at["minutes_per_session"]}*{at["sessions_per_week"]}*{at["weeks"]}'
        f"*{groups}/60)",
    )
    found.update(_costs(at, roles, used, named, groups))
    for key, source in (("area_counted", "area"), ("tier_counted", "tier")):
        found[key] = _when_used(used, f'IF({at[source]}="","Not stated",{at[source]})')
    return found


def _when_used(used: str, formula: str) -> str:
    return f'=IF({used}=0,"",{formula})'


def _listed(at: Mapping[str, str], key: str, roles: int) -> str:
    return ",".join(at[f"{key}.{number}"] for number in range(1, roles + 1))


def _sum_over(at: Mapping[str, str], roles: int, term: str) -> str:
    parts = []
    for number in range(1, roles + 1):
        role, count, rate = (at[f"{key}.{number}"] for key in ("role", "count", "rate"))
        adults = f'IF({count}="",1,{count})'
        parts.append(f'IF({role}="",0,{term.format(adults=adults, rate=rate)})')
    return "+".join(parts)


def _rate_used(role: str, own: str, rates: str) -> str:
    found = f"VLOOKUP({role},{rates},2,FALSE)"
    return (
        f'=IF({role}="","",IF({own}<>"",{own},'
        f'IFERROR(IF({found}="","not known",{found}),"not known")))'
    )


def _staff_in_words(at: Mapping[str, str], roles: int) -> str:
    parts = []
    for number in range(1, roles + 1):
        role, count, own = (at[f"{key}.{number}"] for key in ("role", "count", "own"))
        before = '""' if number == 1 else f'IF({at["role.1"]}="","",", ")'
        said = f'IF({count}="",1,{count})&" x "&{role}'
        exact = f"IF(ROUND({own},2)={own},FIXED({own},2,TRUE),{own})"
        rate = f'IF({own}="",""," at £"&{exact}&" an hour")'
        parts.append(f'IF({role}="","",{before}&{said}&{rate})')
    return "=" + "&".join(parts)


def _costs(at: Mapping[str, str], roles: int, used: str, named: str, groups: str) -> dict[str, str]:
    hours, other, adults = at["session_hours"], at["other_cost"], at["adults"]
    times = f"COUNTA({at['minutes_per_session']},{at['sessions_per_week']})"
    bought_in = f"AND({named}=0,{times}=0,COUNT({other})=1,N({other})<>0)"
    rates = _listed(at, "rate", roles)
    unpaid = f"AND(COUNT({rates})={named},SUM({rates})=0)"
    staff_hours = (
        f'IF({bought_in},0,IF(OR({named}=0,{hours}="not known"),"not known",{hours}*{adults}))'
    )
    staff_cost = (
        f'IF({bought_in},0,IF({named}=0,"not known",IF({unpaid},0,'
        f'IF(OR({hours}="not known",{at["hour_cost"]}="not known"),"not known",'
        f"{hours}*{at['hour_cost']}))))"
    )
    staff, total, pupils = at["staff_cost"], at["total_cost"], at["pupils"]
    unknown_other = f'AND({other}<>"",COUNT({other})=0)'
    size, reached = at["group_size"], at["pupils_reached"]
    received = f"{pupils}*({hours}/{groups})"
    not_known = f'{total}="not known",{pupils}="not known"'
    return {
        "staff_hours": _when_used(used, staff_hours),
        "staff_cost": _when_used(used, staff_cost),
        "total_cost": _when_used(
            used, f'IF(OR({staff}="not known",{unknown_other}),"not known",{staff}+N({other}))'
        ),
        "pupils": _when_used(
            used,
            f'IF(COUNT({reached})=1,{reached},IF(COUNT({size})=0,"not known",{size}*{groups}))',
        ),
        "per_pupil": _when_used(
            used,
            f'IF(OR({not_known}),"not known",IF({pupils}>0,{total}/{pupils},"not known"))',
        ),
        "per_hour": _when_used(
            used,
            f'IF(OR({not_known},{hours}="not known",{groups}=0),"not known",'
            f'IF({received}>0,{total}/({received}),"not known"))',
        ),
    }
