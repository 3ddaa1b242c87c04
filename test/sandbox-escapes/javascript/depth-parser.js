// attack: source code nested very deeply
// expect: value "refused"
// with: timeout=30000
for (const code of ['('.repeat(100000) + '1' + ')'.repeat(100000), '['.repeat(100000), '{'.repeat(100000), '-'.repeat(100000) + '1', 'a=>'.repeat(50000) + '1', '`${'.repeat(50000), '!'.repeat(100000) + '1', 'x?.'.repeat(50000) + 'y', 'new '.repeat(50000) + 'X']) { try { (0, eval)(code); } catch {} try { new Function(code); } catch {} }
try { new RegExp('('.repeat(100000)); } catch {}
try { new RegExp('(?:'.repeat(20000) + 'a' + ')*'.repeat(20000)); } catch {}
'refused';
