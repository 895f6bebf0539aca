/* The page was asked for to be printed. */
window.print();
