import qrcode from 'qrcode-generator';
import { useMemo } from 'react';
import styles from './credentials.module.css';

/** A text as a QR code, black on white whatever the theme: readers need the contrast. */
export function QrCode({ text, label }: { text: string; label: string }) {
  const { size, path } = useMemo(() => {
    const code = qrcode(0, 'M');
    code.addData(text);
    code.make();
    const count = code.getModuleCount();
    const cells = Array.from({ length: count * count }, (_, at) => ({ row: Math.floor(at / count), column: at % count }));
    return { size: count, path: cells.filter(({ row, column }) => code.isDark(row, column)).map(({ row, column }) => `M${column} ${row}h1v1h-1z`).join('') };
  }, [text]);
  return (
    <svg className={styles.qr} viewBox={`0 0 ${size} ${size}`} role="img" aria-label={label} shapeRendering="crispEdges">
      <path d={path} fill="#000" />
    </svg>
  );
}
