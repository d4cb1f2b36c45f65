export { LookupCell as OwnerCell } from '../lookup/cell';
