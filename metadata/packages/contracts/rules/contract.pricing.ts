// Longer terms earn a discount. One that was negotiated is kept, within limits.
const ladder = [
  { months: 60, percent: 15 },
  { months: 36, percent: 10 },
  { months: 24, percent: 5 },
];
const highest = 40;

if (!record.discount_agreed) {
  record.discount = ladder.find(({ months }) => record.months >= months)?.percent ?? 0;
} else if ((record.discount ?? 0) > highest) {
  fail('discount', `A negotiated discount cannot be more than ${highest} %.`);
}
