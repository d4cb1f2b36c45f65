// The button is there only while nobody has the asset; of two people who press it at once, one finds it lent.
var settings = setting('asset_settings');
var until = parameters.until || addDays(today, settings.loan_days);
if (until < today) fail('back_by', translate('loan_over', 'The loan would be over already.'));
if (daysBetween(today, until) > settings.longest_loan_days) fail('back_by', translate('loan_long', 'Assets are lent for {0} days at most.', settings.longest_loan_days));
record.lent_to = parameters.to;
record.back_by = until;
