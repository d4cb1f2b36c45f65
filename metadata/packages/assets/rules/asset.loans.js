// Whoever has kept assets for too long is asked for them, once a working day.
var mostMails = 90;
var settings = setting('asset_settings');
var lists = {};
query('asset', { where: { lent_to: { ne: null }, back_by: { lt: today } }, orderBy: 'back_by', limit: 1000 }).forEach(function (asset) {
  lists[asset.lent_to] = (lists[asset.lent_to] || []).concat(['- ' + asset.name + ' (' + asset.number + '), by ' + asset.back_by]);
});

query('user', { where: { id: Object.keys(lists), email: { ne: null } }, limit: mostMails }).forEach(function (person) {
  mail({
    to: person.email,
    subject: 'Please bring back what you have borrowed',
    body: 'Good day,\n\nthese should have been back:\n\n' + lists[person.id].join('\n') + '\n\nKind regards\n' + settings.name
  });
});
