document.documentElement.classList.add("js");
startRanking();
startFilters();
startMatrix();
startCosts();
startCopying();
startViews();
