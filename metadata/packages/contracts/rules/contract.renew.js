// The term grows; what was agreed on for its price is decided anew by the rule for discounts.
record.months += parameters.months || setting('contract_settings').renewal_months;
record.renewal = 'agreed';
if (parameters.signed_on) record.signed_on = parameters.signed_on;
warn('months', translate('contract_renewed', 'The contract now runs until {0}.', addMonths(record.starts_on, record.months)));
