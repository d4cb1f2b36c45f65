// Made from contract.pricing.ts by xrm build; do not edit. source sha256-4b8a773bd5e2abbfda1665fddd030341f0ecb24b5a3b8bca5fef1133dfbeb499 output sha256-41b21bdc01e6df7f7b040bc5212c8f171f80be4024ed6eb6a4395ec41a10eea7
"use strict";
var _a, _b, _c;
// Longer terms earn a discount. One that was negotiated is kept, within limits.
var ladder = [
    { months: 60, percent: 15 },
    { months: 36, percent: 10 },
    { months: 24, percent: 5 },
];
var highest = 40;
if (!record.discount_agreed) {
    record.discount = (_b = (_a = ladder.find(function (_a) {
        var months = _a.months;
        return record.months >= months;
    })) === null || _a === void 0 ? void 0 : _a.percent) !== null && _b !== void 0 ? _b : 0;
}
else if (((_c = record.discount) !== null && _c !== void 0 ? _c : 0) > highest) {
    fail('discount', "A negotiated discount cannot be more than ".concat(highest, " %."));
}
//# sourceMappingURL=data:application/json;base64,eyJ2ZXJzaW9uIjozLCJzb3VyY2VzIjpbImNvbnRyYWN0LnByaWNpbmcudHMiXSwibmFtZXMiOltdLCJtYXBwaW5ncyI6Ijs7O0FBQUEsZ0ZBQWdGO0FBQ2hGLElBQU0sTUFBTSxHQUFHO0lBQ2IsRUFBRSxNQUFNLEVBQUUsRUFBRSxFQUFFLE9BQU8sRUFBRSxFQUFFLEVBQUU7SUFDM0IsRUFBRSxNQUFNLEVBQUUsRUFBRSxFQUFFLE9BQU8sRUFBRSxFQUFFLEVBQUU7SUFDM0IsRUFBRSxNQUFNLEVBQUUsRUFBRSxFQUFFLE9BQU8sRUFBRSxDQUFDLEVBQUU7Q0FDM0IsQ0FBQztBQUNGLElBQU0sT0FBTyxHQUFHLEVBQUUsQ0FBQztBQUVuQixJQUFJLENBQUMsTUFBTSxDQUFDLGVBQWUsRUFBRSxDQUFDO0lBQzVCLE1BQU0sQ0FBQyxRQUFRLEdBQUcsTUFBQSxNQUFBLE1BQU0sQ0FBQyxJQUFJLENBQUMsVUFBQyxFQUFVO1lBQVIsTUFBTSxZQUFBO1FBQU8sT0FBQSxNQUFNLENBQUMsTUFBTSxJQUFJLE1BQU07SUFBdkIsQ0FBdUIsQ0FBQywwQ0FBRSxPQUFPLG1DQUFJLENBQUMsQ0FBQztBQUN2RixDQUFDO0tBQU0sSUFBSSxDQUFDLE1BQUEsTUFBTSxDQUFDLFFBQVEsbUNBQUksQ0FBQyxDQUFDLEdBQUcsT0FBTyxFQUFFLENBQUM7SUFDNUMsSUFBSSxDQUFDLFVBQVUsRUFBRSxvREFBNkMsT0FBTyxRQUFLLENBQUMsQ0FBQztBQUM5RSxDQUFDIn0=
