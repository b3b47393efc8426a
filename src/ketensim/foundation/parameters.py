"""THE table: every parameter and lever with symbol, unit, range, default, condition and source.

A number of the model has its address here and nowhere else: schema, sliders, the tables in the ODD document,
experiment designs and tests derive from these rows. Labels and help texts stand in the catalogues (texts/).

Source is a key of ``docs/sources.bib`` or ``assumption``. Basis says what the source carries: the *figure* itself or only
the *direction*; every number without a sourced figure is an assumption, numbered A-nn in the order of this table.
A condition that is "off" is a value in this table, never an ``if`` in a rule.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np


@dataclass(frozen=True, slots=True)
class Parameter:
    """One row of the table.

    Attributes
    ----------
    name : identifier used in scenario files, in rules and in results
    symbol : as in the ODD document
    unit : e.g. ``share``, ``share/week``, ``weeks``, ``hours``
    lower, upper : the closed range that is allowed
    default : the value when a scenario is silent
    condition : the room that reads it: one of the six conditions, or the part of the chain it belongs to
    source : key in ``docs/sources.bib``, or ``assumption``
    basis : ``figure`` (the source gives the number) or ``direction`` (it gives the sign; the number is ours)
    """

    name: str
    symbol: str
    unit: str
    lower: float
    upper: float
    default: float
    condition: str
    source: str = "assumption"
    basis: str = "direction"


P = Parameter
PARAMETERS: Final[tuple[Parameter, ...]] = (
    # 1 ambition: couple ambitions to the chain objective (conditions/ambition.py)
    P("table_every", "n_t", "weeks", 1, 52, 4, "ambition"),
    P("meeting_hours", "h_m", "share of hours", 0, 0.1, 0.01, "ambition"),
    P("objective_rate", "r_o", "share/meeting", 0, 1, 0.15, "ambition"),
    P("ambition_pull", "r_a", "share/meeting", 0, 0.5, 0.03, "ambition"),
    P("ambition_window", "r_w", "share/meeting", 0, 1, 0.15, "ambition", "Kingdon1984"),
    P("table_alone", "r_0", "share", 0, 1, 0.1, "ambition", "KlijnEdelenbosSteijn2010"),
    P("ambition_spread", "s_a", "policy distance", 0, 3, 1.0, "ambition"),
    P("ambition_half", "d_h", "policy distance", 0.1, 5, 1.5, "ambition"),
    P("weight_base", "w_0", "share", 0, 1, 0.5, "ambition"),
    P("weight_coupling", "w_c", "share", 0, 0.33, 0.04, "ambition"),
    P("weight_credit", "w_r", "share", 0, 0.33, 0.25, "ambition", "VangenHuxham2003"),
    P("weight_urgency", "w_u", "share", 0, 0.33, 0.25, "ambition"),
    P("weight_trust", "w_t", "share", 0, 0.5, .1, "ambition", "AnsellGash2008"),
    P("weight_pressure", "w_p", "share", 0, 1, 0.85, "ambition", "HolmstromMilgrom1991"),
    P("tension_half", "p_h", "share", 0.05, 1, 0.5, "ambition"),
    P("coupling_damping", "w_d", "share", 0, 1, 0.85, "ambition", "Rijkschroeff2019"),
    P("weight_time", "τ_w", "weeks", 1, 208, 13, "ambition"),
    P("weight_inheritance", "w_i", "share", 0, 1, 0.8, "ambition"),
    P("official_time", "τ_f", "weeks", 4, 520, 78, "ambition", "Rijkschroeff2019"),
    P("weight_official", "w_o", "share", 0, 0.5, 0.3, "ambition", "Rijkschroeff2019"),
    P("official_lost", "o_l", "share", 0, 1, 0.6, "ambition"),
    P("official_carried", "w_f", "share", 0, 1, 0.6, "ambition", "Rijkschroeff2019"),
    P("own_course", "q_o", "share of visits", 0, 1, .64, "ambition"),
    P("administrator_exit", "η_a", "1/year", 0, 2, 0.13, "ambition", "NOSWethouders", "figure"),
    P("political_breach", "η_b", "1/year", 0, 2, 0.061, "ambition", "Collegetafel2023", "figure"),
    P("breach_climate", "c_b", "logit", 0, 3, 0.5, "ambition"),
    P("election_change", "η_e", "share", 0, 1, 0.5, "ambition"),
    # pressure on administrators (chain/administrators.py)
    P("pressure_own", "p_o", "share", 0, 1, 0.5, "administrators", "HolmstromMilgrom1991"),
    P("pressure_media", "p_m", "share", 0, 1, 0.5, "administrators"),
    P("pressure_retreat", "p_r", "share", 0, 1, 0.6, "administrators", "Staw1981"),
    P("pressure_shortage", "p_s", "share", 0, 1, 0.4, "administrators", "Levine1978"),
    P("pressure_election", "p_e", "share", 0, 1, 0.3, "administrators"),
    P("election_weeks", "n_e", "weeks", 1, 104, 26, "administrators"),
    P("pressure_climate", "p_c", "share", 0, 1, 0.4, "administrators"),
    P("pressure_time", "τ_p", "weeks", 1, 104, 8, "administrators"),
    P("climate_level", "c_0", "logit", -5, 5, -1.5, "administrators"),
    P("climate_persistence", "c_1", "share/week", 0, 0.999, 0.96, "administrators"),
    P("climate_noise", "c_2", "logit", 0, 2, 0.25, "administrators"),
    P("concern_shortfall", "k_s", "per share", 0, 5, 1.5, "administrators", "MarchSimon1958"),
    P("concern_uncertainty", "k_u", "per share", 0, 5, 0.6, "administrators", "Rijkschroeff2019"),
    P("concern_pressure", "k_p", "per share", 0, 5, 1.0, "administrators", "Trappenburg2010"),
    P("concern_lying", "k_d", "per share", 0, 5, 0.6, "administrators", "Davis1997"),
    P("tolerance_level", "θ_0", "concern", 0, 3, 0.62, "administrators"),
    P("tolerance_spread", "θ_s", "concern", 0, 1, 0.08, "administrators"),
    P("tolerance_retreat", "θ_r", "share", 0, 1, 0.3, "administrators", "Staw1981"),
    P("intervene_most", "π_i", "1/week", 0, 1, 0.25, "administrators", "DeRidder"),
    P("intervene_slope", "k_i", "1/concern", 0, 40, 10.0, "administrators"),
    P("choice_hold_back", "v_h", "weight", 0, 5, 0.6, "administrators"),
    P("choice_ask", "v_a", "weight", 0, 5, 0.4, "administrators"),
    P("choice_take_over", "v_t", "weight", 0, 5, 1.0, "administrators"),
    P("choice_unblock", "v_u", "weight", 0, 5, 2.0, "administrators"),
    P("sight_without_monitor", "v_m", "share", 0, 1, 0.3, "administrators"),
    P("takeover_weeks", "n_o", "weeks", 1, 104, 13, "administrators"),
    P("takeover_bite", "o_d", "share", 0, 1, 0.7, "administrators"),
    P("takeover_hours", "h_o", "share of hours", 0, 0.4, 0.08, "administrators"),
    P("takeover_damage", "o_t", "share", 0, 1, 0.08, "administrators", "Rietz2018"),
    P("unblock_weeks", "n_u", "weeks", 1, 52, 4, "administrators"),
    P("unblock_age", "u_a", "share of norm", 0, 2, 0.5, "administrators"),
    P("unblock_help", "u_h", "share", 0, 1, 0.5, "administrators"),
    P("unblock_pull", "u_d", "share", 0, 1, 0.8, "administrators"),
    P("unblock_hours", "h_u", "share of hours", 0, 0.4, 0.04, "administrators"),
    # 2 urgency (conditions/urgency.py)
    P("urgency_media_half_life", "λ_m", "weeks", 0.5, 52, 2, "urgency", "Hayes", "figure"),
    P("urgency_programme_half_life", "λ_p", "weeks", 4, 208, 26, "urgency"),
    P("urgency_programme_share", "u_p", "share", 0, 1, 0.4, "urgency"),
    P("urgency_fatigue", "u_f", "share", 0, 1, 0.15, "urgency", "Downs1972"),
    P("fatigue_half_life", "λ_f", "weeks", 4, 520, 104, "urgency"),
    P("urgency_hours", "h_j", "share of hours", 0, 0.3, 0.06, "urgency"),
    P("urgency_frame", "u_k", "share", 0, 1, 0.6, "urgency", "Kingdon1984"),
    P("urgency_contact", "u_c", "share", 0, 1, 0.5, "urgency", "AnsellGash2008"),
    P("shortage_scale", "s_s", "per share of budget", 0, 10, 3.0, "urgency"),
    P("shortage_half_life", "λ_s", "weeks", 4, 520, 52, "urgency"),
    P("refusal_most", "q_r", "share of hand-overs", 0, 1, 0.3, "urgency", "Levine1978"),
    P("refusal_load", "q_l", "share", 0, 1, 0.3, "urgency"),
    P("cost_shift", "q_s", "share of effort", 0, 1, 0.3, "urgency", "Levine1978"),
    P("cost_shift_loss", "q_x", "ratio", 1, 3, 1.25, "urgency"),
    # 3 steering: frame and room (conditions/steering.py)
    P("frame_build", "f_b", "share/week", 0, 1, 0.024, "steering"),
    P("frame_ageing", "f_a", "share/week", 0, 0.5, 0.004, "steering"),
    P("frame_keeping", "f_k", "share", 0, 1, 0.5, "steering"),
    P("frame_hours", "h_f", "share of hours per link", 0, 0.1, 0.01, "steering"),
    P("formal_hours", "h_s", "share of hours", 0, 0.3, 0.06, "steering"),
    P("permission_effort", "e_p", "share of effort", 0, 2, 0.3, "steering", "AdlerBorys1996"),
    P("quality_standard", "k_0", "share", 0, 1, 0.95, "steering"),
    P("quality_standard_frame", "k_f", "share", 0, 1, 0.5, "steering"),
    P("quality_standard_loose", "k_v", "share", 0, 1, 0.10, "steering", "SiggelkowRivkin2005"),
    P("quality_hard", "k_h", "share", 0, 1, 0.65, "steering"),
    P("quality_hard_room", "k_r", "share", 0, 1, 0.85, "steering", "TummersBekkers2014"),
    P("quality_hard_loose", "k_l", "share", 0, 1, 0.5, "steering", "CaoLumineau2015"),
    P("mismatch_standard", "m_s", "share of hand-overs", 0, 1, 0.18, "steering"),
    P("mismatch_hard", "m_h", "share of hand-overs", 0, 1, 0.4, "steering"),
    P("mismatch_trust", "m_t", "share", 0, 1, 0.7, "steering", "CaoLumineau2015"),
    P("loss_standard", "l_s", "share of hand-overs", 0, 0.5, 0.08, "steering", "Starmer2014"),
    P("loss_hard", "l_h2", "share of hand-overs", 0, 0.8, 0.25, "steering", "Starmer2014"),
    P("loss_frame", "l_f", "share", 0, 1, 0.6, "steering", "Starmer2014"),
    P("loss_trust", "l_t", "share", 0, 1, 0.5, "steering", "DyerChu2003"),
    P("loss_familiar", "l_k", "share", 0, 1, 0.4, "steering", "Espinosa2007"),
    P("frame_alone", "f_0", "share", 0, 1, 0.25, "steering"),
    P("informal_floor", "i_0", "share", 0, 1, 0.5, "steering"),
    P("knowledge_floor", "k_t", "share", 0, 1, 0.2, "steering", "KlijnEdelenbosSteijn2010"),
    P("motivation_floor", "m_f", "share", 0, 1, 0.5, "steering"),
    # 4 binding: managers with binding capacity (conditions/binding.py)
    P("manager_tenure", "τ_m", "years", 0.25, 20, 2.9, "binding", "NRC2020", "figure"),
    P("binding_level", "b_0", "logit", -4, 4, -0.6, "binding"),
    P("binding_gain", "b_1", "logit", 0, 5, 1.6, "binding"),
    P("binding_spread", "b_s", "logit", 0, 3, 0.7, "binding"),
    P("binding_acting", "b_a", "share", 0, 1, 0.25, "binding"),
    P("binding_floor", "b_f", "share", 0, 1, 0.35, "binding", "vanMeerkerk2014"),
    P("vacancy_weeks", "n_v", "weeks", 0, 104, 8, "binding"),
    P("selection_weeks", "n_s", "weeks", 0, 104, 8, "binding"),
    P("binding_shield", "b_h", "share", 0, 1, 0.5, "binding", "OTooleMeier1999"),
    P("binding_translation", "b_x", "share", 0, 1, .6, "binding", "KlijnEdelenbosSteijn2010"),
    P("binding_mediation", "b_m", "share", 0, 1, 0.6, "binding", "KlijnEdelenbosSteijn2010"),
    P("steering_level", "s_0", "logit", -4, 4, 0.5, "binding"),
    P("steering_given_up", "s_1", "logit", 0, 5, 0.8, "binding", "Rijkschroeff2019"),
    P("steering_attention", "s_d", "share", 0, 1, 0.3, "binding"),
    P("steering_speed", "s_p", "share", 0, 1, 0.5, "binding"),
    P("skills_time", "τ_k", "weeks", 4, 520, 52, "binding", "Rijkschroeff2019"),
    P("skills_hours", "h_l", "share of hours", 0, 0.2, .05, "binding"),
    P("skills_upkeep", "h_n", "share of hours", 0, 0.1, 0.005, "binding"),
    P("skills_handover", "l_l", "share", 0, 1, 0.6, "binding", "Starmer2014"),
    P("skills_hard", "k_k", "share", 0, 1, 0.4, "binding"),
    P("skills_binding", "b_l", "share", 0, 1, 0.35, "binding", "Rijkschroeff2019"),
    P("skills_tolerance", "θ_k", "concern", 0, 1, 0.12, "binding", "Rijkschroeff2019"),
    P("skills_damping", "w_k", "share", 0, 1, 0.3, "binding", "Rijkschroeff2019"),
    P("trust_carried", "b_c", "share", 0, 1, 0.3, "binding", "SchilkeCook2013"),
    P("trust_carried_agreed", "b_k", "share", 0, 1, 0.6, "binding", "SchilkeCook2013"),
    # 5 information (conditions/information.py)
    P("reporting_politics", "h_p", "share of hours", 0, 0.4, 0.10, "information", "CBSAZW"),
    P("reporting_operation", "h_e", "share of hours", 0, 0.4, 0.08, "information", "CBSAZW"),
    P("dual_use_extra", "h_d", "share", 0, 1, 0.3, "information"),
    P("dual_use_time", "τ_d", "weeks", 1, 208, 26, "information"),
    P("dual_use_hours", "h_b", "share of hours", 0, 0.3, 0.08, "information"),
    P("demand_most", "r_m", "share of hours", 0, 0.5, 0.25, "information"),
    P("demand_ask", "r_k", "share", 0, 1, 0.1, "information", "Jeugdautoriteit2023"),
    P("demand_uncertainty", "r_u", "share/week", 0, 0.2, 0.01, "information"),
    P("demand_half_life", "λ_r", "weeks", 4, 1040, 104, "information"),
    P("signal_time", "τ_y", "weeks", 1, 104, 13, "information"),
    P("signal_noise", "σ_y", "share", 0, 0.5, 0.15, "information"),
    P("noise_dual_use", "σ_d", "share", 0, 1, 0.6, "information"),
    P("noise_trust", "σ_t", "share", 0, 1, 0.4, "information"),
    P("monitor_floor", "m_v", "share", 0, 1, 0.4, "information", "Rijkschroeff2019"),
    P("partner_reporting", "h_q", "share of hours", 0, 0.2, 0.04, "information", "Jeugdautoriteit2023"),
    P("triage_most", "z_q", "share", 0, 1, 0.5, "information", "BevanHood2006"),
    P("belief_drift", "v_d", "share²/week", 0.000001, 0.01, 0.0008, "information"),
    P("belief_half", "v_b", "share²", 0.0001, 0.1, 0.01, "information"),
    P("belief_new", "v_n", "share²", 0.0001, 0.1, 0.03, "information"),
    # 6 trust (conditions/trust.py)
    P("trust_persons_start", "T_p", "share", 0, 1, 0.5, "trust"),
    P("trust_agreements_start", "T_a", "share", 0, 1, 0.4, "trust"),
    P("trust_vertical_start", "T_v", "share", 0, 1, 0.6, "trust"),
    P("trust_gain", "α", "share/week", 0, 0.2, 0.02, "trust"),
    P("trust_ratio", "λ", "ratio", 1, 10, 3.0, "trust", "Slovic1993"),
    P("trust_repair", "β_r", "share", 0, 1, 0.4, "trust"),
    P("trust_stranger", "T_0", "share", 0, 1, 0.4, "trust"),
    P("trust_fading", "δ", "share/week", 0, 0.2, 0.01, "trust"),
    P("trust_contact", "α_c", "share/week", 0, 0.2, 0.02, "trust", "Luna-Reyes2008"),
    P("contact_floor", "k_c", "share", 0, 1, 0.3, "trust", "Luna-Reyes2008"),
    P("trust_hours", "h_t", "share of hours per partner", 0, 0.1, .006, "trust"),
    P("agreement_gain", "α_a", "share/week", 0, 0.2, 0.01, "trust", "Leach2002"),
    P("agreement_ratio", "λ_a", "ratio", 0.5, 10, 2.0, "trust"),
    P("agreement_care", "α_k", "share", 0, 1, 0.7, "trust"),
    P("agreement_personal", "α_p", "share", 0, 1, 0.5, "trust", "SchilkeCook2013"),
    P("agreement_hours", "h_a", "share of hours per partner", 0, 0.1, 0.004, "trust"),
    P("agreement_shield", "λ_k", "share", 0, 1, 0.5, "trust", "Earle"),
    P("trust_personal_share", "ω", "share", 0, 1, 0.5, "trust", "Zaheer1998"),
    P("vertical_gain", "α_v", "share/week", 0, 0.2, 0.012, "trust"),
    P("vertical_ratio", "λ_v", "ratio", 1, 10, 3.0, "trust", "Slovic1993"),
    P("vertical_incident", "ι_v", "share", 0, 1, 0.25, "trust"),
    P("suspicion_half_life", "λ_x", "weeks", 1, 104, 8, "trust", "Slovic1993"),
    P("suspicion_size", "x_s", "share", 0, 1, 0.6, "trust", "Slovic1993"),
    P("familiarity_start", "K_0", "share", 0, 1, 0.5, "trust"),
    P("familiarity_time", "τ_n", "weeks", 4, 520, 104, "trust", "Huckman2009"),
    P("check_most", "c_m", "share of hand-overs", 0, 1, 0.4, "trust", "Oomsels2019"),
    P("check_vigilance", "c_v", "share", 0, 0.99, 0.9, "trust", "Oomsels2019"),
    P("check_find", "c_f", "share of defects", 0, 1, 0.8, "trust"),
    P("check_effort", "c_e", "share of effort", 0, 1, 0.12, "trust"),
    # hours and staff (chain/hours.py)
    P("hours_per_week", "h_w", "hours/week", 8, 48, 36, "hours"),
    P("productivity_motivation", "e_m", "share", 0, 0.1, 0.10, "hours", "FreyJegen2001"),
    P("own_norm", "o_n", "share", 0.1, 1, 0.7, "hours"),
    P("overhead_most", "h_x", "share of hours", 0.1, 0.95, 0.8, "hours"),
    P("motivation_base", "m_0", "share", 0, 1, 0.6, "hours", "RyanDeci2000"),
    P("motivation_reporting", "m_r", "share", 0, 1, 0.4, "hours", "Jacobsen2014"),
    P("motivation_load", "m_l", "share", 0, 1, 0.3, "hours"),
    P("motivation_takeover", "m_o", "share", 0, 1, 0.3, "hours", "Jacobsen2014"),
    P("motivation_time", "τ_v", "weeks", 1, 208, 26, "hours"),
    P("newcomer_weeks", "n_w", "weeks", 1, 104, 26, "hours", "Huckman2009"),
    P("newcomer_output", "o_w", "share", 0, 1, .75, "hours", "Huckman2009"),
    P("change_pace", "c_p", "lever/week", 0.001, 1, 0.1, "hours", "RepenningSterman2002"),
    P("change_hours", "h_g", "share of hours", 0, 0.3, 0.04, "hours", "RepenningSterman2002"),
    P("change_confusion", "k_x", "share", 0, 0.5, 0.03, "hours", "MeyerStensaker2006"),
    P("load_half", "l_h", "weeks of work", 0.5, 104, 8, "hours"),
    P("leave_load", "η_l", "ratio", 0, 5, 0.8, "hours"),
    P("leave_motivation", "η_m", "ratio", 0, 5, 0.8, "hours"),
    P("surplus_exit", "η_s", "1/week", 0, 1, 0.03, "hours"),
    P("hiring_flex", "η_f", "share", 0, 1, 0.10, "hours"),
    P("drift_size", "d_s", "share", 0, 1, 0.5, "hours", "Davis1997"),
    P("drift_pull", "d_p", "share/week", 0, 1, 0.08, "hours", "Davis1997"),
    P("drift_monitor", "d_m", "share", 0, 1, 0.5, "hours"),
    P("drift_takeover", "d_o", "share", 0, 1, 0.8, "hours"),
    P("drift_reports", "d_i", "share", 0, 1, 0.8, "hours", "Davis1997"),
    P("drift_weight", "d_w", "share", 0, 1, 0.4, "hours"),
    # work on cases (chain/intake.py, chain/work.py)
    P("effort_variation", "e_v", "coefficient of variation", 0, 1, 0.6, "work"),
    P("effort_hard", "e_h", "ratio", 1, 5, 1.4, "work"),
    P("rework_effort", "e_r", "share of effort", 0, 2, 0.4, "work"),
    P("misfit_effort", "e_f", "share of effort", 0, 1, .3, "work"),
    P("haggling_effort", "e_g", "share of effort", 0, 1, 0.06, "work", "DyerChu2003"),
    P("handover_effort", "e_o", "share of effort", 0, 1, .05, "work", "Jeugdautoriteit2023"),
    P("waiting_effort", "e_w", "hours/week per case", 0, 10, 0.25, "work"),
    P("incident_chance", "ι_c", "share of defective closed cases", 0, 1, 0.004, "work"),
    P("incident_lag", "ι_l", "weeks", 1, 208, 26, "work"),
    P("incident_size", "ι_s", "urgency", 0, 1, 0.3, "work"),
    # steering policies (chain/policies.py)
    P("policy_firm_frame", "π_f", "lever", 0, 1, 0.8, "policies"),
    P("policy_firm_room", "π_r", "lever", 0, 1, 0.2, "policies"),
    P("policy_free_room", "π_v", "lever", 0, 1, 0.8, "policies"),
    P("policy_switch_week", "π_w", "weeks", 0, 2000, 104, "policies"),
    P("policy_trust", "π_t", "share", 0, 1, 0.6, "policies"),
    P("policy_trust_slope", "π_k", "1/share", 1, 100, 20, "policies"),
    P("policy_tighten_weeks", "π_n", "weeks", 1, 208, 26, "policies"),
)  # fmt: skip
BY_NAME: Final[dict[str, Parameter]] = {row.name: row for row in PARAMETERS}

LEVERS: Final[tuple[Parameter, ...]] = (
    P("ambition_coupling", "L_1", "lever", 0, 1, 0.5, "ambition", "Rijkschroeff2019"),
    P("shared_urgency", "L_2", "lever", 0, 1, 0.5, "urgency", "Rijkschroeff2019"),
    P("frame", "L_3k", "lever", 0, 1, 0.5, "steering", "Rijkschroeff2019"),
    P("room", "L_3r", "lever", 0, 1, 0.5, "steering", "Rijkschroeff2019"),
    P("binding_selection", "L_4", "lever", 0, 1, 0.5, "binding", "Rijkschroeff2019"),
    P("chain_skills", "L_4s", "lever", 0, 1, 0.3, "binding", "Rijkschroeff2019"),
    P("information_balance", "L_5", "lever", 0, 1, 0.5, "information", "Rijkschroeff2019"),
    P("trust_in_persons", "L_6p", "lever", 0, 1, 0.5, "trust", "Rijkschroeff2019"),
    P("trust_in_agreements", "L_6a", "lever", 0, 1, 0.5, "trust", "Rijkschroeff2019"),
)  # fmt: skip
LEVER_NAMES: Final[tuple[str, ...]] = tuple(row.name for row in LEVERS)

NO_POLICY: Final = "none"  # the levers stay where they were set
POLICIES: Final[tuple[str, ...]] = (
    NO_POLICY,
    "hold_firm",
    "let_go_at_once",
    "firm_then_let_go",
    "let_go_when_trusted",
    "tighten_after_incident",
)

PARAMETER_DTYPE: Final = np.dtype([(row.name, "f8") for row in PARAMETERS])
LEVER_DTYPE: Final = np.dtype([(row.name, "f8") for row in LEVERS])


def parameter_record(values: dict[str, float] | None = None) -> np.recarray:
    """Build one row of the parameter record from the table's defaults.

    Parameters
    ----------
    values : overrides by name; names and ranges are the caller's business (scenario/schema.py checks them)

    Returns
    -------
    record array of shape (1,) with one float64 field per parameter

    Examples
    --------
    >>> float(parameter_record({"trust_gain": 0.05})[0].trust_gain)
    0.05
    """
    row = np.zeros(1, dtype=PARAMETER_DTYPE)
    for parameter in PARAMETERS:
        row[parameter.name] = parameter.default if values is None else values.get(parameter.name, parameter.default)
    return row.view(np.recarray)
