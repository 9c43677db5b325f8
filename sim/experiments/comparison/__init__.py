"""Comparisons of scenarios on the same luck: differences, payoffs, regret, rules, and what the record says.

`compare` runs the scenarios and returns a `comparison.Comparison`, whose tables come from a module each: `tables`
(shares, milestones, numbers, payoffs), `payoff_terms`, `cumulative_incidence`, `rule_robustness`, `regret`,
`commitment_devices`, `record_scores`, `expected_sign`; `words` and `notes` say in sentences what they show, with
`yardsticks` for what payoffs are measured by, and `export` makes files and JSON of them.
"""
