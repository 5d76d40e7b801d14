# Read a converted export in R: Rscript read_export.R FOLDER, the folder `python -m analysis convert … --to csv,spss` made.

folder <- commandArgs(trailingOnly = TRUE)[1]
if (is.na(folder)) folder <- "converted"

# CSV. NA is a code here ("did not happen"), so only the empty cell is a missing value.
read <- function(name) {
  read.csv(file.path(folder, "csv", paste0(name, ".csv")),
           colClasses = "character", na.strings = "", encoding = "UTF-8")
}

wishes <- read("wishes")
both <- wishes[!is.na(wishes$wish) & !is.na(wishes$decision), ]
cat(sum(both$wish == both$decision), "of", nrow(both), "decisions followed the wish.\n")
cat("These counts have not passed disclosure control: do not publish them.\n")

# SPSS, with labels. Don't know, don't mind and so on are missing values of their own, 91 to 95.
if (requireNamespace("haven", quietly = TRUE)) {
  wide <- haven::read_sav(file.path(folder, "spss", "wide.sav"), user_na = TRUE)
  cat("labels of the first wish:", names(attr(wide$w_d1_1, "labels")), "\n")
}

# With lme4 and psych: glmer(I(wish == decision) ~ age_group + (1 | coordinator), both, family = binomial).
