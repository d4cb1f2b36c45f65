// Each week, owners get a list of their contracts that can soon not be ended in time any more.
var mostMails = 90;
var settings = setting('contract_settings');
var ending = query('contract', {
  where: { status: 'active', notice_by: { ge: today, le: addDays(today, settings.reminder_days) } },
  orderBy: 'notice_by',
  limit: 1000
});

var lists = {};
ending.forEach(function (contract) {
  if (contract.owner && contract.owner_type === 'user') lists[contract.owner] = (lists[contract.owner] || []).concat([contract]);
});

query('user', { where: { id: Object.keys(lists), email: { ne: null } }, limit: mostMails }).forEach(function (person) {
  var lines = lists[person.id].map(function (contract) {
    return '- ' + contract.notice_by + ': ' + contract.title + ' (' + contract.number + ')' + (contract.auto_renew ? ', renews by itself' : '');
  });
  mail({
    to: person.email,
    subject: 'Contracts to decide on: ' + lines.length,
    body: 'Good day,\n\nthese are the last days to give notice:\n\n' + lines.join('\n') + '\n\nKind regards\n' + settings.name
  });
});
