// Ten lines such as people write them: two checks and a computed value.
var limit = record.credit_limit || 0;
if (limit < 0) {
  fail('credit_limit', 'A credit limit cannot be negative.');
}
if (limit > 100000 && !record.email) {
  fail('email', 'Credit above 100,000 needs an address of e-mail.');
}
if (!record.job_title) {
  record.job_title = limit > 10000 ? 'Key contact' : 'Contact';
}
