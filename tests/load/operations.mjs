// What is measured: the request to Xrm, what it is compared with, and the ratio that is needed.
const columns = "$select=first_name,last_name,email,phone,job_title,status,credit_limit&$expand=account($select=name)";
const page = "$filter=status%20eq%20'{status}'%20and%20startswith(last_name,'{letter}')&$orderby=last_name&$top=50";
const contact = {
  first_name: "Bench", last_name: "Writer{number}", email: "writer{number}@example.com", phone: "+15550100", job_title: "Engineer",
  status: "new", birthdate: "1980-05-17", credit_limit: 1234.56, account_id: "{account}",
};
const body = JSON.stringify(contact);

export const operations = [
  {
    name: "R1", says: "one record", needed: 0.8, against: "hand-written",
    xrm: { path: "/api/data/bench_contacts/{contact}" },
    reference: { path: "/contacts/{contact}" }, sql: "r1.sql",
  },
  {
    name: "R2", says: "list of 50 with a lookup", needed: 0.9, against: "hand-written",
    xrm: { path: `/api/data/bench_contacts?${page}&${columns}` },
    reference: { path: "/contacts?status={status}&letter={letter}" }, sql: "r2.sql",
  },
  {
    name: "R3", says: "R2 with its exact count", needed: 0.9, against: "pgbench",
    xrm: { path: `/api/data/bench_contacts?${page}&${columns}&$count=true` }, sql: "r3.sql",
  },
  {
    name: "R3e", says: "R2 with an estimated count", needed: 0.85, against: "R2",
    xrm: { path: `/api/data/bench_contacts?${page}&${columns}&$count=estimate` },
  },
  {
    name: "R4", says: "sums through a lookup, 2 clients", needed: 0.95, against: "pgbench", clients: 2,
    xrm: { path: "/api/data/bench_contacts?$apply=filter(status%20eq%20'{status}')/groupby((account/industry),aggregate($count%20as%20contacts,credit_limit%20with%20sum%20as%20credit))" },
    sql: "r4.sql",
  },
  {
    name: "W1", says: "create, with history and event", needed: 0.6, against: "hand-written",
    xrm: { method: "POST", path: "/api/data/bench_contacts", body },
    reference: { method: "POST", path: "/contacts", body },
  },
  {
    name: "W1l", says: "create in a smaller table", against: "-",
    xrm: { method: "POST", path: "/api/data/bench_leads", body },
  },
  {
    name: "W2", says: "the same with a rule of ten lines", needed: 0.85, against: "W1l",
    xrm: { method: "POST", path: "/api/data/bench_ruled_leads", body },
  },
  {
    name: "W3", says: "change of one field, with history", needed: 0.6, against: "pgbench",
    xrm: { method: "PATCH", path: "/api/data/bench_contacts/{contact}", body: '{"phone":"{phone}"}' }, sql: "w3.sql",
  },
];
