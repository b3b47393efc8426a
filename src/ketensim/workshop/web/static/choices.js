// What every team has chosen, who is waited for, and a form to change a choice.

import { h } from "./dom.js";
import { say } from "./say.js";

/** A table per table: organisations by open decisions. */
export function choicesPanel({ snapshot, act, local, draw }) {
  const open = snapshot.open ?? [];
  const changeable = snapshot.phase === "decide" || snapshot.phase === "run";
  const tables = Array.from({ length: snapshot.tables }, (_, table) => table);
  return h("section", { class: "card", key: "choices" },
    h("h2", null, say("control.choices")),
    tables.map((table) => h("div", { class: "scroll", key: String(table) },
      h("table", { class: "chosen" },
        h("caption", { class: snapshot.tables > 1 ? "" : "hidden" }, say("shared.table", { table: table + 1 })),
        h("thead", null, h("tr", null, h("th", { scope: "col" }, say("control.organisation")), h("th", { scope: "col" }, say("control.column.state")), open.map(({ name }) => h("th", { scope: "col" }, say(`decision.${name}.label`))))),
        h("tbody", null, snapshot.teams.filter((team) => team.table === table).map((team) => row(team)))))));

  function row(team) {
    const key = `${team.table} ${team.organisation}`;
    const name = snapshot.organisations.find((one) => one.id === team.organisation)?.name ?? team.organisation;
    const editing = local.open === key;
    return [
      h("tr", { key },
        h("th", { scope: "row" }, name),
        h("td", null, h("span", { class: `state ${state(team)}` }, say(`control.team.${state(team)}`)),
          changeable ? h("button", { class: "quietly", "aria-expanded": String(editing), "aria-label": say("control.edit_of", { organisation: name }), onclick: () => { local.open = editing ? "" : key; draw(); } }, say("control.edit")) : null),
        open.map((one) => h("td", null, say(`decision.${one.name}.step.${one.steps[team.steps[one.name]]}.label`)))),
      editing ? h("tr", { key: `${key} form` }, h("td", { colspan: open.length + 2 }, form(team, name))) : null,
    ];
  }

  function state(team) {
    if (team.by === "facilitator" && team.final) return "edited";
    if (team.people === 0) return "robot";
    return team.final ? (team.by === "kept" ? "kept" : "final") : "waiting";
  }

  function form(team, name) {
    const save = (event) => {
      event.preventDefault();
      const steps = Object.fromEntries(open.map((one) => [one.name, Number(event.target.elements[one.name].value)]));
      act({ do: "edit", table: team.table, organisation: team.organisation, steps }).then((ok) => { if (ok) local.open = ""; draw(); });
    };
    return h("form", { class: "grid", onsubmit: save, "aria-label": say("control.edit_of", { organisation: name }) },
      open.map((one) => h("div", null, h("label", { for: `edit-${one.name}` }, say(`decision.${one.name}.label`)),
        h("select", { id: `edit-${one.name}`, name: one.name }, one.steps.map((step, place) => h("option", { value: place, selected: place === team.steps[one.name] }, say(`decision.${one.name}.step.${step}.label`)))))),
      h("div", { class: "row" },
        h("button", { class: "main", type: "submit" }, say("control.save")),
        team.final && snapshot.phase === "decide" ? h("button", { type: "button", onclick: () => act({ do: "reopen", table: team.table, organisation: team.organisation }) }, say("control.reopen")) : null));
  }
}
