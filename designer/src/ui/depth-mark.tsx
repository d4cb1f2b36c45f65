import { depths, type Depth } from '@/lib/depths';
import styles from './depth-mark.module.css';

const radius = 7;
const centre = 9;
const steps = depths.length - 1;

/** The part of the circle that is filled, as a path; a whole circle has none. */
function slice(step: number): string {
  const angle = (2 * Math.PI * step) / steps;
  const x = centre + radius * Math.sin(angle);
  const y = centre - radius * Math.cos(angle);
  return `M${centre} ${centre}V${centre - radius}A${radius} ${radius} 0 ${step * 2 > steps ? 1 : 0} 1 ${x.toFixed(2)} ${y.toFixed(2)}Z`;
}

/** How far a right reaches, as a circle that fills step by step. Says nothing to screen readers: a text stands beside it. */
export function DepthMark({ depth, faded, size = 18 }: { depth: Depth; faded?: boolean; size?: number }) {
  const step = depths.indexOf(depth);
  return (
    <svg className={styles.mark} data-depth={depth} data-faded={faded || undefined} width={size} height={size} viewBox="0 0 18 18" aria-hidden>
      <circle cx={centre} cy={centre} r={radius} className={styles.ring} />
      {step === steps ? <circle cx={centre} cy={centre} r={radius} className={styles.fill} /> : step > 0 ? <path d={slice(step)} className={styles.fill} /> : null}
    </svg>
  );
}
