// Longer terms earn a discount. One that was negotiated is kept, within limits.
const ladder = [
  { months: 60, percent: 15 },
  { months: 36, percent: 10 },
  { months: 24, percent: 5 },
];
const highest = 40;

if (!record.discount_agreed) {
  let earned = 0;
  for (let i = 0; i < ladder.length && earned === 0; i++) {
    if (record.months >= ladder[i].months) earned = ladder[i].percent;
  }
  record.discount = earned;
} else if (record.discount > highest) {
  fail('discount', 'A negotiated discount cannot be more than ' + highest + ' %.');
}
