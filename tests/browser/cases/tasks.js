// Those of tests/tasks.md that no other case walks: somebody new who reads, a list from a spreadsheet, a bundle for an auditor.
"use strict";

const main = page => page.locator("main");
const press = (t, page, name) => t.go(page, () => main(page).getByRole("button", {name, exact: true}).click());
const menu = (t, page, name) => t.go(page, () => page.locator("nav.menu-frame").getByRole("link", {name, exact: true}).click());

async function person(t, page) {
  await menu(t, page, "Who takes part");
  await t.go(page, () => main(page).getByRole("link", {name: "add a person"}).click());
  await page.fill("[name='f.name']", "Kim");
  await press(t, page, "Save");
  await menu(t, page, "Who takes part");
  await page.locator("#person").selectOption({label: "Kim"});
  await page.check("input[name=role][value=reader]");
  await press(t, page, "Let them take part");
  await t.go(page, () => main(page).locator("tr", {hasText: "Kim"}).getByRole("button", {name: "Make a link"}).click());
  t.ok("Kim has a link", (await page.inputValue("#link")).includes("/link/"));
  await t.sound("a link", page);
}

async function spreadsheet(t, page, server) {
  await menu(t, page, "Import");
  await page.setInputFiles("input[type=file]", {name: "suppliers.csv", mimeType: "text/csv",
    buffer: Buffer.from("Supplier,Service,Contact,Contract until\nHetz GmbH,Hosting,ops@hetz.example,2027-12-31\n")});
  await press(t, page, "Look at it");
  await t.settled(page);
  t.ok("what it would do", /1\s+new/.test(await page.textContent("main .figures")));
  await t.sound("a preview", page);
  await press(t, page, "Write it");
  await t.settled(page);
  await t.go(page, () => main(page).locator(".tiles a").click());
  t.ok("what was imported is a press away", (await page.textContent("table.records")).includes("Hetz GmbH"));
  t.is("in its register", page.url(), server.org + "/r/supplier");
}

async function bundle(t, page) {
  await menu(t, page, "Take out");
  await page.fill("#for", "The certification body");
  await press(t, page, "Make the bundle");
  await t.settled(page);
  const [file] = await Promise.all([page.waitForEvent("download"), main(page).getByRole("link", {name: "Save the file"}).click()]);
  t.ok("it is a file", file.suggestedFilename().endsWith("-bundle.zip"));
}

module.exports = async t => {
  const server = await t.serve(), page = await t.page(server);
  await page.goto(server.org);
  for (const task of [person, spreadsheet, bundle]) await task(t, page, server);
};
