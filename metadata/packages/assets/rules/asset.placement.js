// Notes the day on which an asset came to where it stands.
const before = previous ? previous.location_id : null;
if (!record.location_id) {
  record.moved_on = null;
} else if (record.location_id !== before && !record.moved_on) {
  record.moved_on = String(now).substring(0, 10);
} else if (before && record.location_id !== before) {
  record.moved_on = String(now).substring(0, 10);
}
