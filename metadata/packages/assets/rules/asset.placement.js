// Notes the day on which an asset came to where it stands.
const before = previous ? previous.location : null;

if (!record.location) {
  record.moved_on = null;
} else if (!record.moved_on || (previous && record.location !== before)) {
  record.moved_on = today;
}
