export { LookupCell as ParentCell } from '../lookup/cell';
