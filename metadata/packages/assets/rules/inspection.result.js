// Made from inspection.result.ts by xrm build; do not edit. source sha256-3a5549f6fef4c1f773bb540652cf06eaa12f114724dd3347ad7a44b6a533149a output sha256-bd8ecd1f93feee229ffb6ee37a45582e83964c5f91d3335f37f52c71b1d2eb2d
"use strict";
var _a, _b;
// An inspection without defects is passed.
record.result = record.status === 'done' ? ((_a = record.result) !== null && _a !== void 0 ? _a : (((_b = record.defects) !== null && _b !== void 0 ? _b : 0) > 0 ? 'failed' : 'passed')) : null;
//# sourceMappingURL=data:application/json;base64,eyJ2ZXJzaW9uIjozLCJzb3VyY2VzIjpbImluc3BlY3Rpb24ucmVzdWx0LnRzIl0sIm5hbWVzIjpbXSwibWFwcGluZ3MiOiI7OztBQUFBLDJDQUEyQztBQUMzQyxNQUFNLENBQUMsTUFBTSxHQUFHLE1BQU0sQ0FBQyxNQUFNLEtBQUssTUFBTSxDQUFDLENBQUMsQ0FBQyxDQUFDLE1BQUEsTUFBTSxDQUFDLE1BQU0sbUNBQUksQ0FBQyxDQUFDLE1BQUEsTUFBTSxDQUFDLE9BQU8sbUNBQUksQ0FBQyxDQUFDLEdBQUcsQ0FBQyxDQUFDLENBQUMsQ0FBQyxRQUFRLENBQUMsQ0FBQyxDQUFDLFFBQVEsQ0FBQyxDQUFDLENBQUMsQ0FBQyxDQUFDLElBQUksQ0FBQyJ9
